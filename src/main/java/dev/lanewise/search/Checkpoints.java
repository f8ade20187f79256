package dev.lanewise.search;

import dev.lanewise.file.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The saved trainings of the trials that may be trained on or be asked for as models: in memory, or
 * as files in a folder beside the journal.
 */
interface Checkpoints {

  /**
   * The name of a saved training.
   *
   * @param trial the number of the trial
   * @param rung the rung at whose end it was saved
   * @param fold the number of the fold, 0 without folds
   */
  record Name(int trial, int rung, int fold) {

    private static final Pattern FORM =
        Pattern.compile("trial-([0-9]{1,9})-rung-([0-9]{1,9})-fold-([0-9]{1,9})\\.safetensors");

    static Optional<Name> of(String file) {
      Matcher matcher = FORM.matcher(file);
      return matcher.matches()
          ? Optional.of(
              new Name(
                  Integer.parseInt(matcher.group(1)),
                  Integer.parseInt(matcher.group(2)),
                  Integer.parseInt(matcher.group(3))))
          : Optional.empty();
    }

    @Override
    public String toString() {
      return "trial-%d-rung-%d-fold-%d.safetensors".formatted(trial, rung, fold);
    }
  }

  /** Keeps the bytes of a checkpoint under a name; all of them or none. */
  void keep(Name name, byte[] checkpoint) throws IOException;

  /** {@return the bytes kept under a name, if there are any that can be read} */
  Optional<byte[]> get(Name name);

  /** Drops all but some. */
  void retain(Predicate<Name> needed);

  /** {@return checkpoints in memory} */
  static Checkpoints inMemory() {
    Map<Name, byte[]> kept = new ConcurrentHashMap<>();
    return new Checkpoints() {
      @Override
      public void keep(Name name, byte[] checkpoint) {
        kept.put(name, checkpoint);
      }

      @Override
      public Optional<byte[]> get(Name name) {
        return Optional.ofNullable(kept.get(name));
      }

      @Override
      public void retain(Predicate<Name> needed) {
        kept.keySet().removeIf(needed.negate());
      }
    };
  }

  /**
   * {@return checkpoints in a folder, which is made for the first one} Other files in it are left
   * alone.
   */
  static Checkpoints in(Path folder) {
    return new Checkpoints() {
      @Override
      public void keep(Name name, byte[] checkpoint) throws IOException {
        Files.createDirectories(folder);
        AtomicFile.write(folder.resolve(name.toString()), out -> out.write(checkpoint));
      }

      @Override
      public Optional<byte[]> get(Name name) {
        try {
          Path file = folder.resolve(name.toString());
          return Files.isRegularFile(file)
              ? Optional.of(Files.readAllBytes(file))
              : Optional.empty();
        } catch (IOException e) {
          return Optional.empty(); // what cannot be read is trained again
        }
      }

      @Override
      public void retain(Predicate<Name> needed) {
        if (!Files.isDirectory(folder)) {
          return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
          for (Path file : files) {
            Optional<Name> name = Name.of(file.getFileName().toString());
            if (name.isPresent() && !needed.test(name.get())) {
              Files.deleteIfExists(file);
            }
          }
        } catch (IOException e) {
          throw new UncheckedIOException(folder + ": " + e.getMessage(), e);
        }
      }
    };
  }
}
