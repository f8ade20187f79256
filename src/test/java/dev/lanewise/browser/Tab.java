package dev.lanewise.browser;

import dev.lanewise.json.Json;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A page of a browser: what it holds, what it asked for and what it complained of. */
final class Tab implements AutoCloseable {

  private static final int HEIGHT = 800;

  private final Browser browser;
  private final String target;
  private final String session;

  /** Complaints of the console, exceptions and dialogs. */
  final List<String> complaints = new CopyOnWriteArrayList<>();

  /** The addresses that were asked for. */
  final List<String> requests = new CopyOnWriteArrayList<>();

  Tab(Browser browser, int width, boolean dark) {
    this.browser = browser;
    target =
        text(
            browser.send(null, "Target.createTarget", Map.of("url", Json.of("about:blank"))),
            "targetId");
    session =
        text(
            browser.send(
                null,
                "Target.attachToTarget",
                Map.of("targetId", Json.of(target), "flatten", Json.of(true))),
            "sessionId");
    browser.listen(
        (from, message) -> {
          if (from.equals(session)) {
            take(text(message, "method"), (Json.Obj) message.members().get("params"));
          }
        });
    for (String domain : List.of("Page", "Runtime", "Network", "Log")) {
      send(domain + ".enable", Map.of());
    }
    send(
        "Emulation.setDeviceMetricsOverride",
        Map.of(
            "width", Json.of((long) width),
            "height", Json.of((long) HEIGHT),
            "deviceScaleFactor", Json.of(1L),
            "mobile", Json.of(width < 500)));
    send(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            new Json.Arr(
                List.of(
                    new Json.Obj(
                        Map.of(
                            "name", Json.of("prefers-color-scheme"),
                            "value", Json.of(dark ? "dark" : "light")))))));
  }

  private void take(String method, Json.Obj event) {
    switch (method) {
      case "Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded" ->
          complaints.add(event.toString());
      case "Page.javascriptDialogOpening" -> complaints.add("a dialog: " + event);
      case "Network.requestWillBeSent" -> {
        String url = text((Json.Obj) event.members().get("request"), "url");
        if (!url.startsWith("data:") && !url.startsWith("blob:")) {
          requests.add(url);
        }
      }
      default -> {}
    }
  }

  private static String text(Json.Obj object, String name) {
    return ((Json.Str) object.members().get(name)).value();
  }

  Json.Obj send(String method, Map<String, Json> parameters) {
    return browser.send(session, method, parameters);
  }

  /** Opens an address and waits until it is there. */
  void go(String address) throws InterruptedException {
    send("Page.navigate", Map.of("url", Json.of(address)));
    await("location.href === %s && document.readyState === 'complete'".formatted(Json.of(address)));
  }

  /** {@return the value of an expression, awaited} */
  Json evaluate(String expression) {
    Json.Obj answer =
        send(
            "Runtime.evaluate",
            Map.of(
                "expression", Json.of(expression),
                "awaitPromise", Json.of(true),
                "returnByValue", Json.of(true)));
    if (answer.members().containsKey("exceptionDetails")) {
      throw new AssertionError(expression + ": " + answer);
    }
    Json.Obj result = (Json.Obj) answer.members().get("result");
    return result.members().getOrDefault("value", new Json.Null());
  }

  /** {@return the number that an expression has} */
  double number(String expression) {
    return ((Json.Num) evaluate(expression)).asDouble();
  }

  /** Waits until an expression is true; where it cannot be evaluated yet it is not. */
  void await(String expression) throws InterruptedException {
    long end = System.nanoTime() + Browser.GUARD.toNanos();
    while (!holds(expression)) {
      if (System.nanoTime() > end) {
        throw new AssertionError("never true: " + expression + "; " + complaints);
      }
      Thread.sleep(20);
    }
  }

  private boolean holds(String expression) {
    String safe = "(() => { try { return Boolean(%s); } catch { return false; } })()";
    try {
      return evaluate(safe.formatted(expression)).equals(Json.of(true));
    } catch (IllegalStateException e) {
      return false; // The page is being replaced.
    }
  }

  /** Goes down a report to its end, and waits until every chart is drawn. */
  void drawAll() throws InterruptedException {
    evaluate(
        """
        (async () => {
          for (const figure of document.querySelectorAll('figure')) {
            figure.scrollIntoView();
            await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
          }
        })()
        """);
    await(
        "document.querySelectorAll('figure').length"
            + " === document.querySelectorAll('figure[data-drawn] svg').length");
  }

  /** {@return the page as PDF} */
  byte[] printed() {
    return Base64.getDecoder().decode(text(send("Page.printToPDF", Map.of()), "data"));
  }

  @Override
  public void close() {
    browser.send(null, "Target.closeTarget", Map.of("targetId", Json.of(target)));
  }
}
