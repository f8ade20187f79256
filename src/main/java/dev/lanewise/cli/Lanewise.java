package dev.lanewise.cli;

import dev.lanewise.data.DataException;
import dev.lanewise.json.Json;
import dev.lanewise.json.Visible;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line itself: its commands, and the reporting of errors. */
@Command(
    name = "lanewise",
    description = "Trains and serves regularised feed-forward networks.",
    subcommands = {
      Train.class,
      SearchCommand.class,
      Evaluate.class,
      Predict.class,
      Calibrate.class,
      Export.class,
      Inspect.class,
      GradCheck.class,
      Doctor.class,
      Demo.class,
      Course.class
    },
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = Lanewise.Version.class,
    sortOptions = false)
final class Lanewise implements Callable<Integer> {

  private static final int FAILURE = 1;

  /** The options for the names by which library messages call their values. */
  private static final Map<String, String> OPTIONS =
      Map.of(
          "classWeights", "--class-weights",
          "threshold", "--tune-threshold",
          "temperature", "--calibrate",
          "augmentations", "--augment");

  /** The commands for what library messages advise. */
  private static final Map<String, String> COMMANDS =
      Map.of(
          "resume it with Training.resume",
              "go on from it with lanewise train --resume, and --model to have one",
          "load it with Model.load", "lanewise evaluate, predict and inspect take it",
          "load it with TrainedModel.load", "lanewise evaluate, predict and inspect take it");

  private static final String STACKTRACE = "--stacktrace";

  private static final String UNREADABLE = "; its name is not UTF-8, expected one that is";

  @Spec private CommandSpec spec;

  @Option(
      names = STACKTRACE,
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of an error too.")
  private boolean stacktrace;

  /**
   * Runs a command.
   *
   * @param arguments the command and its options
   * @param out where results go
   * @param err where progress and the one line of an error go
   * @return the exit code: 0, or 2 for wrong options, or 1 for everything else
   */
  static int run(String[] arguments, Results out, PrintWriter err) {
    CommandLine line = new CommandLine(new Lanewise());
    line.setOut(out).setErr(err).setExpandAtFiles(false);
    for (String command : List.of("train", "search", "gradcheck")) {
      line.getSubcommands()
          .get(command)
          .getHelpSectionMap()
          .put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, new OptionGroups());
    }
    line.setParameterExceptionHandler(
        (e, rest) -> {
          tell(e, wantsStacktrace(arguments), err);
          return line.getCommandSpec().exitCodeOnInvalidInput();
        });
    line.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          tell(e, wantsStacktrace(arguments), err);
          return FAILURE;
        });
    line.setExecutionStrategy(
        parsed -> {
          int exit = new CommandLine.RunLast().execute(parsed);
          try {
            out.requireWritten();
          } catch (IOException e) {
            throw new CommandLine.ExecutionException(line, e.getMessage(), e);
          }
          return exit;
        });
    return line.execute(arguments);
  }

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(),
        "no command; expected " + String.join(", ", spec.subcommands().keySet()));
  }

  /** {@return a line with a name and a value, as commands print facts for people} */
  static String fact(String name, Json value) {
    return "%-18s%s".formatted(name, inWords(value));
  }

  private static String inWords(Json value) {
    return switch (value) {
      case Json.Str text -> shown(text.value());
      case Json.Arr of
          when !of.items().isEmpty() && of.items().stream().allMatch(Json.Obj.class::isInstance) ->
          of.items().stream()
              .map(item -> words((Json.Obj) item))
              .collect(Collectors.joining("%n%18s".formatted("")));
      default -> value.toString();
    };
  }

  private static String words(Json.Obj of) {
    return of.members().entrySet().stream()
        .map(member -> shown(member.getKey()) + " " + inWords(member.getValue()))
        .collect(Collectors.joining(", "));
  }

  /**
   * {@return a text of the user's as it is printed for people} Line breaks and other characters
   * that would change the page or the terminal are escaped as in Java.
   */
  static String shown(String text) {
    return Visible.line(text);
  }

  /** Ends a command that has told of its failures before. */
  static final class ToldException extends IOException {

    private static final long serialVersionUID = 1;

    ToldException() {
      super("told before");
    }
  }

  /**
   * Tells of an error in one line.
   *
   * @param e the error
   * @param stacktrace whether its stack trace is printed too
   * @param err where to
   */
  static void tell(Throwable e, boolean stacktrace, PrintWriter err) {
    if (e instanceof Results.ReaderGoneException || e instanceof ToldException) {
      return;
    }
    err.println("lanewise: " + shown(line(e).strip()));
    if (stacktrace) {
      e.printStackTrace(err);
    }
    err.flush();
  }

  /**
   * {@return whether the stack trace of an error is asked for} Options may be what is wrong, so the
   * arguments themselves are asked.
   */
  static boolean wantsStacktrace(String[] arguments) {
    return List.of(arguments).contains(STACKTRACE);
  }

  /** What no input should lead to. */
  private static boolean internal(Throwable e) {
    return e instanceof Error
        || e instanceof NullPointerException
        || e instanceof IndexOutOfBoundsException
        || e instanceof NegativeArraySizeException
        || e instanceof ClassCastException
        || e instanceof ArrayStoreException
        || e instanceof NoSuchElementException
        || e instanceof ConcurrentModificationException;
  }

  /** The error in one line. Messages of the file system are often no more than a path. */
  static String line(Throwable e) {
    if (internal(e)) {
      return "internal error, %s: %s; please report it with what --stacktrace prints"
          .formatted(e.getClass().getSimpleName(), e.getMessage());
    }
    String message =
        switch (e) {
          case NoSuchFileException missing when missing.getReason() == null ->
              missing.getFile()
                  + ": no such file"
                  + (readable(missing.getFile()) ? "" : UNREADABLE);
          case AccessDeniedException denied when denied.getReason() == null ->
              denied.getFile() + ": access denied";
          case FileSystemException other when other.getReason() == null ->
              other.getFile() + ": " + other.getClass().getSimpleName();
          case UncheckedIOException wrapped
              when wrapped.getCause().toString().equals(wrapped.getMessage()) ->
              line(wrapped.getCause());
          case DataException data -> data.problem() + remedy(data.remedy());
          default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    for (Map.Entry<String, String> option : OPTIONS.entrySet()) {
      if (message.startsWith(option.getKey() + ": ")) {
        message = option.getValue() + message.substring(option.getKey().length());
      }
    }
    for (Map.Entry<String, String> command : COMMANDS.entrySet()) {
      if (message.endsWith(": " + command.getKey())) {
        int kept = message.length() - command.getKey().length();
        message = message.substring(0, kept) + command.getValue();
      }
    }
    return message;
  }

  /** Whether a name is the one that was typed: bytes that are no characters are replaced. */
  private static boolean readable(String file) {
    return file.indexOf('\ufffd') < 0;
  }

  /** The options that may help with wrong data. */
  private static String remedy(DataException.Remedy remedy) {
    return switch (remedy) {
      case NONE -> "";
      case WORD -> "; if it stands for missing: --missing WORD";
      case WORD_OR_CATEGORY ->
          "; if it stands for missing: --missing WORD; if the column holds categories:"
              + " --categorical COLUMN";
      case SELECT -> "; leave out rows without one";
      case WORD_OR_CLASSES ->
          "; if it stands for missing: --missing WORD; to predict classes: --task classify";
      case NAMED -> "; --header yes takes it for one, --header no for a row";
      case UNNAMED -> "; without a header: --header no";
      case IGNORED -> "; to leave it out: --ignore COLUMN";
      case TASK -> "; say which: --task classify or --task regress";
    };
  }

  /** The version in the jar's manifest. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Lanewise.class.getPackage().getImplementationVersion();
      return new String[] {
        "lanewise %s, Java %s"
            .formatted(version == null ? "(not packaged)" : version, Runtime.version())
      };
    }
  }
}
