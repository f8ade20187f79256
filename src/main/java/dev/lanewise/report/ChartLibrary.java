package dev.lanewise.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Apache ECharts, which draws the charts in the reader's browser: one script, no class. */
final class ChartLibrary {

  private static final String VERSION = "6.0.0";
  private static final String SCRIPT =
      "/META-INF/resources/_static/echarts/%s/dist/echarts.min.js".formatted(VERSION);

  private ChartLibrary() {}

  /**
   * {@return the script}
   *
   * @throws IllegalStateException if it is not on the class path
   */
  static String script() throws IOException {
    try (InputStream in = ChartLibrary.class.getResourceAsStream(SCRIPT)) {
      if (in == null) {
        throw new IllegalStateException(
            "no library that draws charts; expected org.mvnpm:echarts:%s on the class path"
                .formatted(VERSION));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
