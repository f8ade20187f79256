package dev.lanewise.search;

import dev.lanewise.file.Claim;
import dev.lanewise.file.SpecialFile;
import dev.lanewise.json.Json;
import dev.lanewise.json.JsonException;
import dev.lanewise.json.Visible;
import dev.lanewise.search.Trial.Fit;
import dev.lanewise.search.Trial.Rung;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The file that a search writes down what it has done in, so that it can go on from there: lines of
 * JSON, the first of the search, each other one of a rung that a trial has reached. A line is
 * forced to disk before it counts.
 *
 * <p>Each line has a SHA-256 of all its bytes before that; the time that a rung took stands behind
 * it, with one more of all bytes before, so that lines are the same but for the last member
 * whenever they were written. One writer has the file at a time. A last line that a crash has left
 * unfinished is cut; any other that is damaged is refused.
 */
final class Journal implements Closeable, Searching.Log {

  private static final int VERSION = 1;

  /** The first sixteen hex digits tell two lines apart and still fit a screen. */
  private static final int DIGITS = 16;

  private static final int LONGEST_LINE = 1 << 26;
  private static final String DIGEST = ",\"sha256\":\"";
  private static final String TIME = ",\"time\":{\"seconds\":";

  /** A line of the file that was there. */
  private record Entry(int line, Values values, List<String> recipe, Rung rung) {}

  private record Key(int trial, int rung) {}

  private final Path file;
  private final Claim claim;
  private final List<Space> spaces;
  private final Map<Key, Entry> known = new LinkedHashMap<>();

  /** Null before the first line is known. */
  private RandomAccessFile out;

  /** Where the next line begins. */
  private long end;

  private boolean broken;

  private Journal(Path file, Claim claim, List<Space> spaces) {
    this.file = file;
    this.claim = claim;
    this.spaces = spaces;
  }

  /**
   * {@return the journal in a file, which this process alone writes from now on}
   *
   * @throws IOException if another search has it, or it is no file
   */
  static Journal claimed(Path file, List<Space> spaces) throws IOException {
    Optional<String> special = SpecialFile.kind(file);
    if (special.isPresent() || Files.isDirectory(file)) {
      throw new IOException(
          "%s: %s; expected the name of a file".formatted(file, special.orElse("is a folder")));
    }
    Path folder = SpecialFile.end(file).getParent();
    if (!Files.isDirectory(folder)) {
      throw new NoSuchFileException(
          file.toString(), null, "cannot be written, %s: no such folder".formatted(folder));
    }
    Claim claim =
        Claim.on(file, "another search writes this journal; expected another file, or its end");
    return new Journal(file, claim, spaces);
  }

  /** {@return the folder beside the journal in which checkpoints are kept} */
  Path folder() {
    return file.resolveSibling(file.getFileName() + ".trials");
  }

  /**
   * Reads what is there, or begins the file.
   *
   * @param search the members of the first line
   * @throws IOException if the file is no journal, is that of another search, or is damaged
   */
  void begin(Map<String, Json> search) throws IOException {
    String first = sealed(new Json.Obj(header(search)).toString()) + "}\n";
    List<String> lines = Files.exists(file) ? lines(first) : List.of();
    if (!lines.isEmpty()) {
      requireSame(search, lines.getFirst());
      for (int i = 1; i < lines.size(); i++) {
        read(lines.get(i), i + 1);
      }
    }
    out = new RandomAccessFile(file.toFile(), "rw");
    out.setLength(end); // what a crash has left of a line
    if (lines.isEmpty()) {
      write(first);
      force(SpecialFile.end(file).getParent());
    }
  }

  private static Map<String, Json> header(Map<String, Json> search) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("journal", Json.of("lanewise search"));
    members.put("version", Json.of(VERSION));
    members.putAll(search);
    return members;
  }

  /**
   * {@return the whole lines of the file, and sets where they end}
   *
   * @param expected the first line, of which a crash may have left a part
   */
  private List<String> lines(String expected) throws IOException {
    List<String> lines = new ArrayList<>();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      while (true) {
        String line = line(in, lines.size() + 1);
        if (!line.endsWith("\n")) {
          if (lines.isEmpty() && !expected.startsWith(line)) {
            throw noJournal();
          }
          return lines;
        }
        if (lines.isEmpty() && !line.startsWith("{\"journal\":\"lanewise search\",")) {
          throw noJournal();
        }
        end += line.length();
        lines.add(line.substring(0, line.length() - 1));
      }
    }
  }

  /** {@return a line with its end, or the bytes that are left, one character each} */
  private String line(InputStream in, int number) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      bytes.write(b);
      if (b == '\n') {
        break;
      }
      if (bytes.size() > LONGEST_LINE) {
        throw number == 1 ? noJournal() : damaged(number, "it is too long");
      }
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  private IOException noJournal() {
    return new IOException(
        "%s: no journal of a search; expected one, or a file that is not there".formatted(file));
  }

  private IOException damaged(int line, String how) {
    return new IOException(
        "%s line %d: damaged, %s; expected a line as it was written".formatted(file, line, how));
  }

  private void requireSame(Map<String, Json> search, String line) throws IOException {
    Map<String, Json> there = members(opened(line, 1, "}"), 1);
    Map<String, Json> expected = header(search);
    for (Map.Entry<String, Json> member : expected.entrySet()) {
      requireSame(member.getKey(), there.get(member.getKey()), member.getValue());
    }
    if (there.size() != expected.size()) {
      throw other("members", there.keySet().toString(), expected.keySet().toString());
    }
  }

  private void requireSame(String name, Json there, Json expected) throws IOException {
    if (there instanceof Json.Obj is && expected instanceof Json.Obj should) {
      for (Map.Entry<String, Json> member : should.members().entrySet()) {
        requireSame(
            name + " " + member.getKey(), is.members().get(member.getKey()), member.getValue());
      }
    }
    if (there instanceof Json.Arr is && expected instanceof Json.Arr should) {
      for (int i = 0; i < Math.min(is.items().size(), should.items().size()); i++) {
        requireSame(name, is.items().get(i), should.items().get(i));
      }
    }
    if (!expected.equals(there)) {
      throw other(name, shown(there), shown(expected));
    }
  }

  private IOException other(String name, String there, String expected) {
    return new IOException(
        "%s: the journal of another search, %s: %s; expected %s"
            .formatted(file, name, there, expected));
  }

  private static String shown(Json value) {
    return switch (value) {
      case null -> "none";
      case Json.Str text -> Visible.line(text.value());
      default -> value.toString();
    };
  }

  /** {@return a line's text with the checksum of all before it} */
  private static String sealed(String object) {
    String open = object.substring(0, object.length() - 1);
    return open + DIGEST + digest(open) + "\"";
  }

  private static String digest(String text) {
    try {
      byte[] bytes =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.ISO_8859_1));
      return HexFormat.of().formatHex(bytes).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** {@return the text that a checksum seals, with the bracket that closes it} */
  private String opened(String line, int number, String close) throws IOException {
    int at = line.length() - DIGEST.length() - DIGITS - 1 - close.length();
    if (at < 0 || !line.equals(sealed(line.substring(0, at) + "}") + close)) {
      throw damaged(number, "its checksum is not that of its bytes");
    }
    return line.substring(0, at) + "}";
  }

  private Map<String, Json> members(String object, int number) throws IOException {
    try {
      return ((Json.Obj) Json.parse(object)).members();
    } catch (JsonException | ClassCastException e) {
      throw damaged(number, e.getMessage());
    }
  }

  @Override
  public void add(int trial, Values values, List<String> recipe, Rung rung) throws IOException {
    if (broken) {
      throw new IOException(file + ": could not be written before");
    }
    String line = sealed(json(trial, values, recipe, rung).toString());
    write(sealed(line + TIME + Json.of(rung.seconds()) + "}") + "}}\n");
  }

  /** Writes a line and forces it to disk; nothing is written behind a line that failed. */
  private void write(String line) throws IOException {
    // No channel: an interrupt of the thread would close it.
    byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
    try {
      out.seek(end);
      out.write(bytes);
      out.getFD().sync();
      end += bytes.length;
    } catch (IOException e) {
      broken = true;
      throw new IOException("%s: cannot be written, %s".formatted(file, e.getMessage()), e);
    }
  }

  private static void force(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Some systems open no folders.
    }
  }

  private Json json(int trial, Values values, List<String> recipe, Rung rung) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("trial", Json.of(trial));
    members.put("rung", Json.of(rung.number()));
    Map<String, Json> texts = new LinkedHashMap<>();
    for (Space space : spaces) {
      String text = values.text(space.name());
      texts.put(
          space.name(), space.scale() == Space.Scale.CHOICE ? Json.of(text) : new Json.Num(text));
    }
    members.put("values", new Json.Obj(texts));
    if (rung.number() == 0) {
      members.put("recipe", new Json.Arr(recipe.stream().map(Json::of).toList()));
    }
    members.put(
        "state",
        Json.of(rung.failure().isPresent() ? "failed" : rung.finished() ? "finished" : "open"));
    rung.failure().ifPresent(reason -> members.put("failure", Json.of(reason)));
    rung.score().ifPresent(score -> members.put("score", Json.of(score)));
    members.put("epochs", Json.of(rung.epochs()));
    members.put("fits", new Json.Arr(rung.fits().stream().map(Journal::json).toList()));
    return new Json.Obj(members);
  }

  private static Json json(Fit fit) {
    return Json.object(
        Map.entry("epochs", Json.of(fit.epochs())),
        Map.entry("bestEpoch", Json.of(fit.bestEpoch())),
        Map.entry("score", number(fit.score())),
        Map.entry("finished", Json.of(fit.finished())),
        Map.entry("curve", new Json.Arr(fit.curve().stream().map(Journal::number).toList())));
  }

  /** {@return a number, or null for what JSON has no number for} */
  private static Json number(double value) {
    return Double.isFinite(value) ? Json.of(value) : new Json.Null();
  }

  private static double number(Json value) {
    return value instanceof Json.Num number ? number.asDouble() : Double.NaN;
  }

  private void read(String line, int number) throws IOException {
    String timed = opened(line, number, "}}");
    int at = timed.lastIndexOf(TIME);
    if (at < 0) {
      throw damaged(number, "it has no time");
    }
    String seconds = timed.substring(at + TIME.length(), timed.length() - 1);
    Map<String, Json> members = members(opened(timed.substring(0, at) + "}", number, "}"), number);
    try {
      Map<String, String> texts = new LinkedHashMap<>();
      ((Json.Obj) members.get("values"))
          .members()
          .forEach(
              (name, value) ->
                  texts.put(name, value instanceof Json.Str s ? s.value() : value.toString()));
      Rung rung = rung(members, new Json.Num(seconds).asDouble());
      List<String> recipe =
          members.get("recipe") instanceof Json.Arr given
              ? given.items().stream().map(item -> ((Json.Str) item).value()).toList()
              : List.of();
      Key key = new Key(integer(members, "trial"), rung.number());
      Entry twice = known.put(key, new Entry(number, Values.of(texts), recipe, rung));
      if (twice != null) {
        throw damaged(
            number,
            "trial %d and rung %d are those of line %d, too"
                .formatted(key.trial(), key.rung(), twice.line()));
      }
    } catch (JsonException | ClassCastException | NullPointerException e) {
      throw damaged(number, String.valueOf(e.getMessage()));
    }
  }

  private static Rung rung(Map<String, Json> members, double seconds) {
    List<Fit> fits = ((Json.Arr) members.get("fits")).items().stream().map(Journal::fit).toList();
    Optional<String> failure =
        Optional.ofNullable((Json.Str) members.get("failure")).map(Json.Str::value);
    OptionalDouble score =
        members.get("score") instanceof Json.Num given
            ? OptionalDouble.of(given.asDouble())
            : OptionalDouble.empty();
    return new Rung(integer(members, "rung"), fits, score, failure, seconds);
  }

  private static Fit fit(Json value) {
    Map<String, Json> members = ((Json.Obj) value).members();
    return new Fit(
        integer(members, "epochs"),
        integer(members, "bestEpoch"),
        number(members.get("score")),
        ((Json.Bool) members.get("finished")).value(),
        ((Json.Arr) members.get("curve")).items().stream().map(Journal::number).toList());
  }

  private static int integer(Map<String, Json> members, String name) {
    return ((Json.Num) members.get(name)).asInt();
  }

  @Override
  public Optional<Rung> known(int trial, int rung, Values values, Searching.Recipes recipes)
      throws IOException {
    Entry entry = known.get(new Key(trial, rung));
    if (entry == null) {
      return Optional.empty();
    }
    String what = "trial %d in line %d".formatted(trial, entry.line());
    if (!entry.values().equals(values)) {
      throw other(what, entry.values().toString(), values.toString());
    }
    if (rung == 0 && entry.rung().failure().isEmpty()) {
      List<String> recipe = recipes.of(values);
      for (int i = 0; i < recipe.size(); i++) {
        if (entry.recipe().size() != recipe.size()
            || !recipe.get(i).equals(entry.recipe().get(i))) {
          throw other(
              what + ", recipe",
              entry.recipe().size() > i ? entry.recipe().get(i) : "none",
              recipe.get(i));
        }
      }
    }
    return Optional.of(entry.rung());
  }

  @Override
  public void close() throws IOException {
    try (claim) {
      if (out != null) {
        out.close();
      }
    }
  }
}
