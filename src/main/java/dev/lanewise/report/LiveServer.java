package dev.lanewise.report;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lanewise.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The server of a live page, on 127.0.0.1 alone. It holds the latest {@link LiveState} and a queue
 * of {@link LiveOrder}s; the trainer leaves the one and takes the other, and never waits for a
 * client.
 *
 * <p>Who does not know the token in the path learns nothing. Other pages in the user's browser,
 * which can send requests here, are kept out by exact Host and Origin, and by a type and a header
 * that they cannot send without asking first. Every request has a virtual thread, so that slow
 * clients hold no other up; connections and streams are bounded.
 */
final class LiveServer implements AutoCloseable {

  /** The bytes of the token: 192 bits. */
  private static final int TOKEN = 24;

  private static final int MOST_STREAMS = 8;
  private static final int MOST_CONNECTIONS = 64;
  private static final int MOST_BODY = 4096;
  private static final int MOST_DISCARDED = 1 << 24;
  private static final int MOST_ORDERS = 16;

  private static final long MILLIS_BETWEEN = 200;
  private static final long MILLIS_ALIVE = 2000;
  private static final long MILLIS_TO_END = 1000;
  private static final long SECONDS_TO_ANSWER = 20;
  private static final String SECONDS_TO_ASK = "20";

  private static final String HEADER = "X-Lanewise";
  private static final String JSON = "application/json";
  private static final String LIBRARY = "echarts.js";

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:;"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  /** A file of the page. */
  private record File(String type, byte[] bytes) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final byte[] token;
  private final String host;
  private final Map<String, File> files;
  private final AtomicReference<LiveState> state;
  private final BlockingQueue<LiveOrder> orders = new ArrayBlockingQueue<>(MOST_ORDERS);
  private final Semaphore streams = new Semaphore(MOST_STREAMS);
  private volatile boolean ended;

  private LiveServer(HttpServer server, byte[] token, Map<String, File> files, LiveState first) {
    this.server = server;
    this.token = token;
    this.files = files;
    host = "127.0.0.1:" + server.getAddress().getPort();
    state = new AtomicReference<>(first);
  }

  /**
   * {@return a server that has begun}
   *
   * @param port the port; 0 for any that is free
   * @param first what is shown first
   * @throws IOException if the port cannot be had
   */
  static LiveServer start(int port, LiveState first) throws IOException {
    limitConnections();
    Map<String, File> files = files();
    InetAddress here = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    HttpServer http;
    try {
      http = HttpServer.create(new InetSocketAddress(here, port), 0);
    } catch (IOException e) {
      throw new IOException("port %d of 127.0.0.1: %s".formatted(port, e.getMessage()), e);
    }
    byte[] random = new byte[TOKEN];
    new SecureRandom().nextBytes(random);
    byte[] token = HexFormat.of().formatHex(random).getBytes(StandardCharsets.US_ASCII);
    LiveServer server = new LiveServer(http, token, files, first);
    http.createContext("/", server::handle);
    http.setExecutor(server.threads);
    http.start();
    return server;
  }

  /**
   * Clients that send nothing are left after a while. The server of the JDK reads these when it is
   * first used, for all servers of the JVM, which here is the command line's own.
   */
  private static void limitConnections() {
    setUnlessSet("jdk.httpserver.maxConnections", Integer.toString(MOST_CONNECTIONS));
    setUnlessSet("sun.net.httpserver.maxReqTime", SECONDS_TO_ASK);
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private static Map<String, File> files() throws IOException {
    return Map.of(
        "",
        new File("text/html; charset=utf-8", resource("live.html")),
        "live.css",
        new File("text/css; charset=utf-8", resource("live.css")),
        "live.js",
        new File("text/javascript; charset=utf-8", resource("live.js")),
        LIBRARY,
        new File(
            "text/javascript; charset=utf-8",
            ChartLibrary.script().getBytes(StandardCharsets.UTF_8)));
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = LiveServer.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }

  /** {@return the address of the page} */
  URI address() {
    return URI.create(
        "http://%s/%s/".formatted(host, new String(token, StandardCharsets.US_ASCII)));
  }

  /** Shows a state from now on. */
  void publish(LiveState latest) {
    state.set(latest);
  }

  /** {@return what was asked next, or null} */
  LiveOrder next() {
    return orders.isEmpty() ? null : orders.poll();
  }

  /** {@return what is asked next, once it is} */
  LiveOrder await() throws InterruptedException {
    return orders.take();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Headers headers = exchange.getResponseHeaders();
      headers.set("Content-Security-Policy", POLICY);
      headers.set("X-Content-Type-Options", "nosniff");
      headers.set("Referrer-Policy", "no-referrer");
      headers.set("Cache-Control", "no-store");
      headers.set("Cross-Origin-Resource-Policy", "same-origin");
      headers.set("X-Frame-Options", "DENY");
      if (!isOnly(exchange, "Host", host)) {
        say(exchange, 403, "forbidden");
        return;
      }
      String name = nameIn(exchange.getRequestURI());
      if (name == null) {
        say(exchange, 404, "not found");
      } else if (name.equals("command")) {
        command(exchange);
      } else {
        get(exchange, name);
      }
    }
  }

  /** {@return the part of the path after the token; null for whoever does not know it} */
  private String nameIn(URI uri) {
    String path = uri.getRawPath();
    if (path == null || uri.getRawAuthority() != null || uri.getRawQuery() != null) {
      return null;
    }
    int end = path.indexOf('/', 1);
    String claimed = end < 0 ? "" : path.substring(1, end);
    boolean known = MessageDigest.isEqual(token, claimed.getBytes(StandardCharsets.UTF_8));
    return known ? known(path.substring(end + 1)) : null;
  }

  private String known(String name) {
    return files.containsKey(name) || name.equals("events") || name.equals("command") ? name : null;
  }

  /** {@return whether a request has a header once, with this value} */
  private static boolean isOnly(HttpExchange exchange, String header, String value) {
    return List.of(value).equals(exchange.getRequestHeaders().get(header));
  }

  /** {@return whether a request comes from the page itself, as far as it says where from} */
  private boolean isForeign(HttpExchange exchange) {
    return exchange.getRequestHeaders().containsKey("Origin")
        && !isOnly(exchange, "Origin", "http://" + host);
  }

  private void get(HttpExchange exchange, String name) throws IOException {
    if (!allows(exchange, "GET")) {
      return;
    }
    if (isForeign(exchange)) {
      say(exchange, 403, "forbidden");
    } else if (name.equals("events")) {
      stream(exchange);
    } else {
      File file = files.get(name);
      exchange.getResponseHeaders().set("Content-Type", file.type);
      send(exchange, 200, file.bytes);
    }
  }

  private static boolean allows(HttpExchange exchange, String method) throws IOException {
    if (exchange.getRequestMethod().equals(method)) {
      return true;
    }
    exchange.getResponseHeaders().set("Allow", method);
    say(exchange, 405, "method not allowed");
    return false;
  }

  private static void say(HttpExchange exchange, int status, String text) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    send(exchange, status, (text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, head ? -1 : body.length);
    if (!head) {
      exchange.getResponseBody().write(body);
    }
  }

  private void command(HttpExchange exchange) throws IOException {
    if (!allows(exchange, "POST")) {
      return;
    }
    if (!isOnly(exchange, "Origin", "http://" + host)
        || !exchange.getRequestHeaders().containsKey(HEADER)) {
      say(exchange, 403, "forbidden");
      return;
    }
    List<String> type = exchange.getRequestHeaders().get("Content-Type");
    if (type == null
        || type.size() != 1
        || !type.getFirst().matches("(?i)application/json(\\s*;\\s*charset=utf-8)?")) {
      say(exchange, 415, "expected " + JSON);
      return;
    }
    byte[] body = exchange.getRequestBody().readNBytes(MOST_BODY + 1);
    if (body.length > MOST_BODY) {
      discard(exchange.getRequestBody());
      say(exchange, 413, "expected at most %d bytes".formatted(MOST_BODY));
      return;
    }
    LiveOrder order;
    try {
      order = LiveOrder.of(text(body));
    } catch (CharacterCodingException e) {
      answer(exchange, 400, false, "no UTF-8; expected JSON");
      return;
    } catch (IllegalArgumentException e) {
      answer(exchange, 400, false, e.getMessage());
      return;
    }
    obey(exchange, order);
  }

  /** Reads what follows, within bounds: who is cut off while sending does not hear the answer. */
  private static void discard(InputStream rest) throws IOException {
    byte[] some = new byte[MOST_BODY];
    int read = rest.read(some);
    for (long left = MOST_DISCARDED; left > 0 && read >= 0; left -= read) {
      read = rest.read(some);
    }
  }

  private static String text(byte[] body) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
  }

  /** Hands an order to the trainer and sends what it answers. */
  private void obey(HttpExchange exchange, LiveOrder order) throws IOException {
    if (ended || !orders.offer(order)) {
      answer(exchange, 503, false, ended ? "the training has ended" : "too many commands wait");
      return;
    }
    if (ended) {
      refuseRest(); // it may have come after the last look at the queue
    }
    try {
      LiveOrder.Answer answer = order.answer().get(SECONDS_TO_ANSWER, TimeUnit.SECONDS);
      answer(exchange, answer.done() ? 200 : 400, answer.done(), answer.text());
    } catch (TimeoutException e) {
      answer(exchange, 202, false, "waits for the step under way");
    } catch (InterruptedException | ExecutionException e) {
      answer(exchange, 503, false, "the training has ended");
    }
  }

  private static void answer(HttpExchange exchange, int status, boolean done, String text)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", JSON);
    Json body = Json.object(Map.entry(done ? "done" : "error", Json.of(text)));
    send(exchange, status, body.toString().getBytes(StandardCharsets.UTF_8));
  }

  private void refuseRest() {
    for (LiveOrder order = orders.poll(); order != null; order = orders.poll()) {
      order.refused("the training has ended");
    }
  }

  private void stream(HttpExchange exchange) throws IOException {
    if (!streams.tryAcquire()) {
      say(exchange, 503, "too many pages look at this");
      return;
    }
    try {
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      // Closed before another may end the server, so that the browser sees a stream that has ended.
      try (OutputStream body = exchange.getResponseBody()) {
        follow(body);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      streams.release();
    }
  }

  /** Sends states as they come, until the end. */
  private void follow(OutputStream out) throws IOException, InterruptedException {
    LiveState sent = null;
    long alive = System.nanoTime();
    while (true) {
      boolean last = ended; // read before the state, which is final once this is set
      LiveState latest = state.get();
      if (latest != sent) {
        boolean anew = sent == null || sent.every() != latest.every();
        if (anew || latest.lastOfCurve() != sent.lastOfCurve()) {
          event(out, anew ? "curve" : "more", latest.curveAfter(anew ? 0 : sent.lastOfCurve()));
        }
        event(out, "state", latest.json());
        sent = latest;
        alive = System.nanoTime();
      } else if (System.nanoTime() - alive > TimeUnit.MILLISECONDS.toNanos(MILLIS_ALIVE)) {
        out.write(":\n\n".getBytes(StandardCharsets.UTF_8));
        alive = System.nanoTime();
      }
      if (last) {
        event(out, "end", "{}");
        out.flush();
        return;
      }
      out.flush();
      Thread.sleep(MILLIS_BETWEEN);
    }
  }

  private static void event(OutputStream out, String name, String data) throws IOException {
    out.write("event: %s\ndata: %s\n\n".formatted(name, data).getBytes(StandardCharsets.UTF_8));
  }

  /** Sends the last state, refuses what is still asked, and frees the port. */
  @Override
  public void close() {
    ended = true;
    refuseRest();
    try {
      if (streams.tryAcquire(MOST_STREAMS, MILLIS_TO_END, TimeUnit.MILLISECONDS)) {
        streams.release(MOST_STREAMS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server.stop(0);
    threads.shutdownNow();
  }
}
