package dev.lanewise.data;

import dev.lanewise.json.Visible;
import java.util.Objects;

/**
 * Says that the content of the user's data is wrong: a cell, a label, a column that is missing,
 * rows of different lengths. The message names the source, the line and the column, shows the text,
 * and says what was expected. It is one line: control characters of the data are escaped in it.
 *
 * <p>A wrong argument of a call is an {@link IllegalArgumentException} instead.
 */
public final class DataException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** What may be done about it, for callers with words of their own, such as a command line. */
  public enum Remedy {
    /** Nothing but other data. */
    NONE(""),
    /** Name the text as a word for missing. */
    WORD("; if it stands for missing: TableReader.withMissing(word)"),
    /** Name the text as a word for missing, or read the column as categories. */
    WORD_OR_CATEGORY(
        "; if it stands for missing: TableReader.withMissing(word); if the column holds categories:"
            + " withKind(column, CATEGORY)"),
    /** Leave the row out. */
    SELECT("; Table.select leaves out rows without one"),
    /** Name the text as a word for missing, or predict classes. */
    WORD_OR_CLASSES(
        "; if it stands for missing: TableReader.withMissing(word); to predict classes:"
            + " Learner.classifier"),
    /** Say that the first line holds names, or that it is a row. */
    NAMED("; TableReader.withHeader(true) takes it for one, withHeader(false) for a row"),
    /** Say that the first line holds no names. */
    UNNAMED("; without a header: TableReader.withHeader(false)"),
    /** Leave the column out. */
    IGNORED("; to leave it out: TableReader.withIgnored(column)"),
    /** Say whether classes or numbers are predicted. */
    TASK("; say which: Roles.Task.CLASSIFY or REGRESS");

    private final String words;

    Remedy(String words) {
      this.words = words;
    }
  }

  /** What is wrong, without remedies. */
  private final String problem;

  /** What may be done. */
  private final Remedy remedy;

  /**
   * Creates an exception without a remedy.
   *
   * @param message what is wrong and what was expected, in one line
   */
  public DataException(String message) {
    this(Objects.requireNonNull(message, "message"), Remedy.NONE);
  }

  /**
   * Creates an exception whose message ends with a remedy.
   *
   * @param problem what is wrong and what was expected, in one line
   * @param remedy what may be done about it
   */
  public DataException(String problem, Remedy remedy) {
    super(Visible.line(Objects.requireNonNull(problem, "problem")) + remedy.words);
    this.problem = Visible.line(problem);
    this.remedy = remedy;
  }

  /** {@return what is wrong, without the remedy} */
  public String problem() {
    return problem;
  }

  /** {@return what may be done about it} */
  public Remedy remedy() {
    return remedy;
  }
}
