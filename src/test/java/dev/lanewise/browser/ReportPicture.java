package dev.lanewise.browser;

import dev.lanewise.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;

/** Makes a picture of a part of a report: {@code doc/report-picture} runs it. */
final class ReportPicture {

  private static final int WIDTH = 1000;
  private static final int HEIGHT = 1270;
  private static final double SCALE = 0.7;

  private ReportPicture() {}

  /** Takes the report, the name of the section that the picture begins with, and the picture. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    try (Browser browser = Browser.start();
        Tab tab = browser.open(WIDTH, false)) {
      tab.go(Path.of(arguments[0]).toUri().toString());
      tab.await("document.documentElement.dataset.ready !== undefined");
      tab.drawAll();
      double top =
          tab.number("document.getElementById('%s').offsetTop - 8".formatted(arguments[1]));
      Json.Obj clip =
          new Json.Obj(
              Map.of(
                  "x", Json.of(0L),
                  "y", Json.of(top),
                  "width", Json.of((long) WIDTH),
                  "height", Json.of((long) HEIGHT),
                  "scale", Json.of(SCALE)));
      Json.Obj shot =
          tab.send(
              "Page.captureScreenshot",
              Map.of("clip", clip, "captureBeyondViewport", Json.of(true)));
      String png = ((Json.Str) shot.members().get("data")).value();
      Files.write(Path.of(arguments[2]), Base64.getDecoder().decode(png));
    }
  }
}
