package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Guard;
import dev.lanewise.json.Json;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may look at a live page and steer by it, and who may not. */
class LiveServerTest {

  private static final String STOP = "{\"command\":\"stop\"}";

  private LiveServer server;
  private HttpClient client;

  private static LiveState state(long step) {
    return new LiveState(
        "training",
        "accuracy",
        new LiveState.Now(0, 9, step, 5, 0.5, 0.1, List.of(0.0), 100, 0, true, true),
        List.of(),
        1,
        Optional.empty(),
        List.of());
  }

  @BeforeEach
  void start() throws IOException {
    server = LiveServer.start(0, state(0));
    client = HttpClient.newHttpClient();
  }

  @AfterEach
  void stop() {
    server.close();
    client.shutdownNow();
  }

  private String origin() {
    return "http://127.0.0.1:" + server.address().getPort();
  }

  private HttpRequest.Builder request(String name) {
    return HttpRequest.newBuilder(server.address().resolve(name));
  }

  /** {@return a command that is as it should be} */
  private HttpRequest.Builder command(String body) {
    return request("command")
        .header("Origin", origin())
        .header("Content-Type", "application/json")
        .header("X-Lanewise", "live")
        .POST(BodyPublishers.ofString(body));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return Guard.get(client.sendAsync(request.build(), BodyHandlers.ofString()));
  }

  private int status(HttpRequest.Builder request) throws Exception {
    return send(request).statusCode();
  }

  /** {@return the first line of the answer to lines, as they are} */
  private String raw(String... lines) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
      String text = String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      return new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
          .readLine();
    }
  }

  @Test
  void theTokenHas192BitsOfChance() throws IOException {
    String path = server.address().getPath();
    assertTrue(path.matches("/[0-9a-f]{48}/"), path);
    try (LiveServer other = LiveServer.start(0, state(0))) {
      assertNotEquals(path, other.address().getPath());
    }
    assertEquals("127.0.0.1", server.address().getHost());
  }

  @Test
  void whoDoesNotKnowTheTokenLearnsNothing() throws Exception {
    String path = server.address().getPath();
    List<String> answers = new ArrayList<>();
    for (String wrong :
        List.of(
            "/",
            "/favicon.ico",
            "/live.js",
            path.substring(0, path.length() - 1),
            path.substring(0, path.length() - 2) + "/",
            path.toUpperCase(Locale.ROOT).replace("A", "B"),
            "/" + path,
            path + "unknown",
            path + "live.js/",
            path + "../live.js",
            path + "%6cive.js",
            path + "?a=b")) {
      HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(origin() + wrong)));
      answers.add(answer.statusCode() + answer.body());
      assertEquals(
          404, status(HttpRequest.newBuilder(URI.create(origin() + wrong)).DELETE()), wrong);
    }
    assertEquals(List.of("404not found\n"), answers.stream().distinct().toList());
  }

  @Test
  void theHostIsExact() throws IOException {
    String get = "GET " + server.address().getPath() + " HTTP/1.1";
    int port = server.address().getPort();
    assertEquals("HTTP/1.1 200 OK", raw(get, "Host: 127.0.0.1:" + port));
    for (String wrong :
        List.of(
            "Host: evil.example",
            "Host: localhost:" + port,
            "Host: 127.0.0.1",
            "Host: 127.0.0.1:" + (port - 1),
            "Host: 127.0.0.1:%d.evil.example".formatted(port),
            "Host: 127.1:" + port,
            "Host: ",
            "X-Host: 127.0.0.1:" + port)) {
      assertEquals("HTTP/1.1 403 Forbidden", raw(get, wrong), wrong);
    }
    String twice = "Host: 127.0.0.1:%d\r\nHost: evil.example".formatted(port);
    assertFalse(raw(get, twice).contains("200"));
    String absolute = "GET http://evil.example%s HTTP/1.1".formatted(server.address().getPath());
    assertFalse(raw(absolute, "Host: 127.0.0.1:" + port).contains("200"));
  }

  @Test
  void theOriginIsExact() throws Exception {
    assertEquals(200, status(request("").header("Origin", origin())));
    for (String wrong :
        List.of("null", "http://evil.example", origin() + "0", origin().replace("http", "https"))) {
      assertEquals(403, status(request("").header("Origin", wrong)), wrong);
      assertEquals(403, status(request("events").header("Origin", wrong)), wrong);
      assertEquals(403, status(command(STOP).setHeader("Origin", wrong)), wrong);
    }
    assertNull(server.next());
  }

  @Test
  void aCommandNeedsItsOriginTypeAndHeader() throws Exception {
    HttpRequest.Builder bare =
        request("command").POST(BodyPublishers.ofString(STOP)).header("Origin", origin());
    assertEquals(403, status(bare.copy().header("Content-Type", "application/json")));
    HttpRequest.Builder headed = bare.copy().header("X-Lanewise", "live");
    assertEquals(415, status(headed));
    for (String type :
        List.of(
            "text/plain",
            "application/x-www-form-urlencoded",
            "application/jsonp",
            "application/json; charset=latin1",
            "text/plain, application/json")) {
      assertEquals(415, status(headed.copy().header("Content-Type", type)), type);
    }
    assertEquals(
        403,
        status(
            request("command")
                .POST(BodyPublishers.ofString(STOP))
                .header("Content-Type", "application/json")
                .header("X-Lanewise", "live")));
    assertNull(server.next());
  }

  @Test
  void eachAddressHasItsMethod() throws Exception {
    for (String name : List.of("", "live.css", "live.js", "echarts.js", "events", "command")) {
      String allowed = name.equals("command") ? "POST" : "GET";
      for (String method :
          List.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "X")) {
        if (!method.equals(allowed)) {
          HttpResponse<String> answer = send(request(name).method(method, BodyPublishers.noBody()));
          assertEquals(405, answer.statusCode(), method + " " + name);
          assertEquals(List.of(allowed), answer.headers().allValues("Allow"));
        }
      }
    }
  }

  @Test
  void everyAnswerHasTheHeadersOfSecurityAndNoneOfCors() throws Exception {
    List<HttpResponse<String>> answers = new ArrayList<>();
    for (String name : List.of("", "live.css", "live.js", "echarts.js", "unknown", "command")) {
      answers.add(send(request(name)));
    }
    answers.add(send(command("nonsense")));
    for (HttpResponse<String> answer : answers) {
      String policy = answer.headers().firstValue("Content-Security-Policy").orElseThrow();
      assertTrue(policy.startsWith("default-src 'none'; script-src 'self';"), policy);
      assertFalse(policy.contains("unsafe"), policy);
      assertEquals("nosniff", answer.headers().firstValue("X-Content-Type-Options").orElseThrow());
      assertEquals("no-referrer", answer.headers().firstValue("Referrer-Policy").orElseThrow());
      assertEquals("no-store", answer.headers().firstValue("Cache-Control").orElseThrow());
      assertTrue(
          answer.headers().map().keySet().stream()
              .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("access-control")));
    }
  }

  /** Blanks around JSON mean nothing, so that a body may have any length. */
  @Test
  void aBodyHasFourKibibytesAtMost() throws Exception {
    String bad = "{}";
    assertEquals(400, status(command(bad + " ".repeat(4096 - bad.length()))));
    for (int length : new int[] {4097, 100_000, 10_000_000}) {
      assertEquals(413, status(command(bad + " ".repeat(length - bad.length()))));
      InputStream chunks = new ByteArrayInputStream(new byte[length]);
      assertEquals(
          413, status(command("").POST(BodyPublishers.ofInputStream(() -> chunks))), "in chunks");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "[]",
        "{}",
        "{\"command\":\"fly\"}",
        "{\"command\":5}",
        "{\"command\":\"rate\"}",
        "{\"command\":\"rate\",\"value\":\"1\"}",
        "{\"command\":\"rate\",\"value\":NaN}",
        "{\"command\":\"rate\",\"value\":1,\"more\":2}",
        "{\"command\":\"stop\",\"value\":1}",
        "{\"command\":\"stop\",\"command\":\"pause\"}",
        "{\"command\":\"stop\"} {}",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
      })
  void whatIsNoCommandIsRefusedInJson(String body) throws Exception {
    HttpResponse<String> answer = send(command(body));
    assertEquals(400, answer.statusCode());
    assertEquals("application/json", answer.headers().firstValue("Content-Type").orElseThrow());
    Json.Obj said = (Json.Obj) Json.parse(answer.body());
    assertEquals(List.of("error"), List.copyOf(said.members().keySet()));
    assertNull(server.next());
  }

  @Test
  void aCommandHasTheTrainersAnswer() throws Exception {
    CompletableFuture<HttpResponse<String>> asked =
        client.sendAsync(
            command("{\"command\":\"rate\",\"value\":1e-3}").build(), BodyHandlers.ofString());
    LiveOrder order = server.await();
    assertEquals(LiveOrder.What.RATE, order.what());
    assertEquals(0.001, order.value());
    order.done("done \"so\"");
    assertEquals("{\"done\":\"done \\\"so\\\"\"}", asked.join().body());
    asked = client.sendAsync(command(STOP).build(), BodyHandlers.ofString());
    server.await().refused("no");
    assertEquals(400, asked.join().statusCode());
    assertEquals("{\"error\":\"no\"}", asked.join().body());
  }

  private HttpResponse<InputStream> open() throws Exception {
    return Guard.get(client.sendAsync(request("events").build(), BodyHandlers.ofInputStream()));
  }

  @Test
  void thereAreEightStreamsAtMost() throws Exception {
    List<HttpResponse<InputStream>> streams = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      streams.add(open());
      assertEquals(200, streams.getLast().statusCode());
    }
    assertEquals(503, open().statusCode());
    assertEquals(200, status(request("")), "the page itself is there");
    streams.removeFirst().body().close();
    int status = 503;
    for (long step = 1; step < 400 && status == 503; step++) { // until the server has seen it
      server.publish(state(step));
      Thread.sleep(50);
      status = open().statusCode();
    }
    assertEquals(200, status);
  }

  /** {@return the next line that begins so} */
  private static String line(BufferedReader lines, String begins) throws IOException {
    String line = lines.readLine();
    while (!line.startsWith(begins)) {
      line = lines.readLine();
    }
    return line;
  }

  @Test
  void aStreamTellsOfEachStateUntilTheEnd() throws Exception {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(open().body(), StandardCharsets.UTF_8))) {
      assertEquals("event: curve", line(lines, "event"));
      assertEquals("event: state", line(lines, "event"));
      server.publish(state(7));
      assertTrue(line(lines, "data").contains("\"steps\":0"));
      assertTrue(line(lines, "data").contains("\"steps\":7"));
      server.publish(state(8));
      CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
      assertTrue(line(lines, "data").contains("\"steps\":8"), "the last state is told");
      assertEquals("event: end", line(lines, "event"));
      closing.join();
    }
  }

  /** Half requests, and streams that nobody reads, which fill what the system keeps for them. */
  @Test
  void slowClientsHoldNobodyUp() throws Exception {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 30; i++) {
        Socket socket = new Socket("127.0.0.1", server.address().getPort());
        socket.setReceiveBufferSize(1);
        String path = server.address().getPath();
        String begun =
            i < 25
                ? "GET %s HTTP/1.1\r\nHost: 127.".formatted(path)
                : "GET %sevents HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n"
                    .formatted(path, server.address().getPort());
        socket.getOutputStream().write(begun.getBytes(StandardCharsets.UTF_8));
        slow.add(socket);
      }
      for (long step = 0; step < 100_000; step++) {
        server.publish(state(step));
      }
      assertEquals(200, status(request("")));
      assertEquals(200, open().statusCode());
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @Test
  void moreCommandsThanWaitAreRefused() throws Exception {
    List<CompletableFuture<Integer>> asked = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      asked.add(
          client
              .sendAsync(command(STOP).build(), BodyHandlers.ofString())
              .thenApply(HttpResponse::statusCode));
    }
    while (asked.stream().filter(CompletableFuture::isDone).count() < 4) {
      Thread.sleep(5);
    }
    for (int i = 0; i < 16; i++) {
      server.await().done("done");
    }
    List<Integer> statuses = asked.stream().map(CompletableFuture::join).sorted().toList();
    assertEquals(16, statuses.indexOf(503));
    assertEquals(200, statuses.get(15));
  }

  @Test
  void whenItIsClosedThePortIsFree() throws Exception {
    final int port = server.address().getPort();
    assertEquals(200, open().statusCode());
    server.close();
    var e = assertThrows(ExecutionException.class, () -> status(request("")));
    assertTrue(e.getCause() instanceof ConnectException, e::toString);
    try (ServerSocket again =
        new ServerSocket(port, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      assertEquals(port, again.getLocalPort());
    }
  }

  @Test
  void aPortThatIsTakenIsNamed() {
    int port = server.address().getPort();
    IOException e = assertThrows(IOException.class, () -> LiveServer.start(port, state(0)));
    assertTrue(e.getMessage().startsWith("port %d of 127.0.0.1: ".formatted(port)), e::getMessage);
  }

  @Test
  void thePageIsWhatIsInTheJar() throws Exception {
    HttpResponse<byte[]> script =
        client.send(request("live.js").build(), BodyHandlers.ofByteArray());
    assertArrayEquals(
        LiveServer.class.getResourceAsStream("live.js").readAllBytes(), script.body());
    assertEquals(
        "text/html; charset=utf-8",
        send(request("")).headers().firstValue("Content-Type").orElseThrow());
  }
}
