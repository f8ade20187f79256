package dev.lanewise.browser;

import dev.lanewise.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * Chromium without a window, spoken to by its DevTools protocol. It reaches no network but this
 * machine's own.
 */
final class Browser implements AutoCloseable {

  /** A guard against a browser that hangs, not a measurement. */
  static final Duration GUARD = Duration.ofMinutes(3);

  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");
  private static final String LISTENING = "DevTools listening on ";

  private final Process process;
  private final Path profile;
  private final HttpClient client;
  private final WebSocket socket;
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<Json>> answers = new ConcurrentHashMap<>();
  private final List<BiConsumer<String, Json.Obj>> listeners = new CopyOnWriteArrayList<>();

  private Browser(Process process, Path profile, HttpClient client, String address) {
    this.process = process;
    this.profile = profile;
    this.client = client;
    socket = client.newWebSocketBuilder().buildAsync(URI.create(address), new Reader()).join();
  }

  /** {@return the browser's program, if this machine has one} */
  static Optional<Path> program() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** {@return a browser that has started} */
  static Browser start() throws IOException {
    Path profile = Files.createTempDirectory("browser");
    Process process =
        new ProcessBuilder(
                program().orElseThrow().toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader said =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    List<String> lines = new ArrayList<>();
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      lines.add(line);
      if (line.startsWith(LISTENING)) {
        Thread.ofVirtual().start(() -> said.lines().forEach(ignored -> {}));
        return new Browser(
            process, profile, HttpClient.newHttpClient(), line.substring(LISTENING.length()));
      }
    }
    throw new IOException("the browser has not started: " + lines);
  }

  /** Puts the parts of messages together. */
  private final class Reader implements WebSocket.Listener {

    private final StringBuilder parts = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      parts.append(part);
      if (last) {
        Json.Obj message = (Json.Obj) Json.parse(parts.toString());
        parts.setLength(0);
        take(message);
      }
      from.request(1);
      return null;
    }
  }

  private void take(Json.Obj message) {
    Map<String, Json> members = message.members();
    if (members.get("id") instanceof Json.Num id) {
      CompletableFuture<Json> answer = answers.remove(id.asInt());
      if (members.containsKey("error")) {
        answer.completeExceptionally(new IllegalStateException(members.get("error").toString()));
      } else {
        answer.complete(members.get("result"));
      }
      return;
    }
    String session = members.get("sessionId") instanceof Json.Str text ? text.value() : "";
    listeners.forEach(listener -> listener.accept(session, message));
  }

  /** {@return the answer to a command of a session; of the browser itself for null} */
  Json.Obj send(String session, String method, Map<String, Json> parameters) {
    int id = ids.incrementAndGet();
    CompletableFuture<Json> answer = new CompletableFuture<>();
    answers.put(id, answer);
    Map<String, Json> message = new LinkedHashMap<>();
    message.put("id", Json.of((long) id));
    message.put("method", Json.of(method));
    message.put("params", new Json.Obj(parameters));
    if (session != null) {
      message.put("sessionId", Json.of(session));
    }
    synchronized (socket) {
      socket.sendText(new Json.Obj(message).toString(), true).join();
    }
    try {
      return (Json.Obj) answer.get(GUARD.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException(method + ": " + e, e);
    }
  }

  /** Adds what is told of events, with the session's name. */
  void listen(BiConsumer<String, Json.Obj> listener) {
    listeners.add(listener);
  }

  /** {@return a new page, so wide in CSS pixels} */
  Tab open(int width, boolean dark) {
    return new Tab(this, width, dark);
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(GUARD.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    client.shutdownNow();
    try (Stream<Path> files = Files.walk(profile)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.deleteIfExists(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    } catch (UncheckedIOException e) {
      // A process of the browser may still be writing; the system clears its temporary folder.
    }
  }
}
