package dev.lanewise.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Where the launcher enters. Touches no optional library, so that their absence can be told. */
public final class Main {

  /** Their classes, as the JVM names what it does not find. */
  private static final String LIBRARIES = "(picocli|de/siegmar)/.*";

  private Main() {}

  /**
   * Runs a command and exits: 0, or 2 for wrong options, or 1 for everything else.
   *
   * @param arguments the command and its options
   */
  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT); // numbers with a decimal point, wherever we are
    Results out = new Results(new FileOutputStream(FileDescriptor.out));
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(arguments, out, err));
  }

  private static int run(String[] arguments, Results out, PrintWriter err) {
    try {
      return Lanewise.run(arguments, out, err);
    } catch (OutOfMemoryError e) {
      err.println(
          "lanewise: out of memory; expected smaller data or a larger heap, as"
              + " JAVA_TOOL_OPTIONS=-Xmx8g sets it");
    } catch (Throwable e) { // errors too, as of a stack that is full
      if (e instanceof NoClassDefFoundError && String.valueOf(e.getMessage()).matches(LIBRARIES)) {
        err.printf(
            "lanewise: class %s is missing; expected info.picocli:picocli and de.siegmar:fastcsv on"
                + " the class path%n",
            e.getMessage());
      } else {
        Lanewise.tell(e, Lanewise.wantsStacktrace(arguments), err);
      }
    } finally {
      out.flush();
      err.flush();
    }
    return 1;
  }
}
