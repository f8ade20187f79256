package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Wrong options lead to exit code 2 and one line that names the option, whether or not the files
 * exist.
 */
final class OptionsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--epochs ten|--epochs",
        "--epochs 0|--epochs: 0; expected 1 or more",
        "--live-port 80|--live-port 80: has no meaning without --live; expected both",
        "--live --live-port 65536|--live-port: 65536; expected a number from 0 to 65535",
        "--live --live-port x|--live-port",
        "--live --find-learning-rate|--live: has no meaning with --find-learning-rate",
        "--live --replay m|--live: has no meaning with --replay; expected one of them",
        "--replay m --find-learning-rate|--replay: has no meaning with --find-learning-rate",
        "--batch-size 0|--batch-size: 0; expected",
        "--batch-size all|--batch-size: all; expected",
        "--micro-batch 0|--micro-batch: 0; expected a number of rows from 1",
        "--micro-batch 8 --batch-norm|--micro-batch 8: --batch-norm takes statistics over",
        "--stream 0|--stream: 0; expected a number of rows from 1",
        "--stream all|--stream",
        "--batch-size 1 --batch-norm|--batch-size 1: too few rows for --batch-norm",
        "--hidden 12,x|--hidden: 12,x; expected",
        "--hidden 0|--hidden: 0; expected",
        "--hidden 50000,50000|--hidden: 50000,50000; expected fewer than 2^31 parameters",
        "--hidden none --dropout 0.5|--dropout: needs a hidden layer",
        "--hidden none --batch-norm|--batch-norm: needs a hidden layer",
        "--hidden none --layer-norm|--layer-norm: needs a hidden layer",
        "--batch-norm --layer-norm|--layer-norm: together with --batch-norm",
        "--hidden 8,1 --layer-norm|--layer-norm: --hidden 8,1 has a layer of one unit",
        "--batch-norm-variance biased|--batch-norm-variance: biased without --batch-norm",
        "--batch-norm --batch-norm-variance n|--batch-norm-variance: n; expected one of biased",
        "--activation rlu|--activation: rlu; expected one of identity",
        "--dropout 1|--dropout: 1.0; expected a number in [0, 1)",
        "--dropout -0.1|--dropout: -0.1; expected a number in [0, 1)",
        "--dropout nan|--dropout: nan; expected a number in [0, 1)",
        "--dropout 0.1,0.2,0.3|--dropout: 0.1,0.2,0.3; expected one probability or 2",
        "--input-dropout 1.5|--input-dropout: 1.5; expected a number in [0, 1)",
        "--initializer xavier|--initializer: xavier; expected one of",
        "--l1 -1|--l1: -1.0; expected a finite number, 0 or more",
        "--l2 NaN|--l2: NaN; expected a finite number, 0 or more",
        "--l2-per-example Infinity|--l2-per-example: Infinity; expected a finite number",
        "--l1 x|--l1: x; expected a finite number, 0 or more",
        "--l2 1,2|--l2: 1,2; expected one number or 3, one for each layer",
        "--hidden 4 --l1-per-example 0.1,-1|--l1-per-example: -1.0; expected a finite number",
        "--l1-proximal --l2 1|--l1-proximal: has no meaning without --l1 or --l1-per-example",
        "--max-norm 0|--max-norm: 0.0; expected a finite number above 0",
        "--max-norm 1e60|--max-norm: 1.0E60; expected a finite number above 0",
        "--dropout-form old|--dropout-form: old; expected one of inverted, classic",
        "--loss hinge|--loss: hinge; expected one of cross-entropy, with --task classify",
        "--loss huber|--loss: huber; expected one of cross-entropy, with --task classify",
        "--task regress --loss mse|--loss: mse; expected one of squared-error, huber, poisson",
        "--task regress --huber-delta 2|--huber-delta: has no meaning without --loss huber",
        "--task regress --loss huber --huber-delta 0|--huber-delta: 0.0; expected a finite number",
        "--task regress --quantile 0.9|--quantile: has no meaning without --loss quantile",
        "--task regress --loss quantile --quantile 1|--quantile: 1.0; expected a number in (0, 1)",
        "--label-smoothing 1|--label-smoothing: 1.0; expected a number in [0, 1)",
        "--task regress --label-smoothing 0.1|--label-smoothing: has no meaning for --task regress",
        "--task regress --class-weights balanced|--class-weights: has no meaning for --task"
            + " regress",
        "--class-weights even|--class-weights: even; expected balanced, or a finite number",
        "--class-weights a=1,b=-1|--class-weights: a=1,b=-1; expected balanced, or a finite number",
        "--class-weights a=1,a=2|--class-weights: a=1,a=2; expected each class once",
        "--weights y|--weights y: also given to --label;",
        "--weights w --stream 9|--weights w: has no meaning with --stream",
        "--weight-decay -1|--weight-decay: -1.0; expected a finite number",
        "--optimizer adan|--optimizer: adan; expected one of adam",
        "--learning-rate 0|--learning-rate: 0.0; expected a finite number above 0",
        "--learning-rate 1e-60|--learning-rate: 1.0E-60; expected a finite number above 0",
        "--momentum 0.5|--momentum: has no meaning for --optimizer adam",
        "--optimizer momentum --momentum 1|--momentum: 1.0; expected a number in [0, 1)",
        "--optimizer nesterov --momentum-form new|--momentum-form: new; expected one of classic",
        "--optimizer rmsprop --momentum-form ewma|--momentum-form: has no meaning for --optimizer",
        "--optimizer rmsprop --momentum -1|--momentum: -1.0; expected a number in [0, 1)",
        "--optimizer lion --momentum 0.9|--momentum: has no meaning for --optimizer lion",
        "--optimizer sgd --beta1 0.9|--beta1: has no meaning for --optimizer sgd; expected one of",
        "--optimizer momentum --beta2 0.9|--beta2: has no meaning for --optimizer momentum",
        "--optimizer lion --epsilon 1e-8|--epsilon: has no meaning for --optimizer lion",
        "--beta1 1|--beta1: 1.0; expected a number in [0, 1)",
        "--beta2 -0.1|--beta2: -0.1; expected a number in [0, 1)",
        "--beta1 NaN|--beta1: NaN; expected a number in [0, 1)",
        "--epsilon 0|--epsilon: 0.0; expected a finite number above 0",
        "--clip-norm 0|--clip-norm: 0.0; expected a finite number above 0",
        "--clip-value NaN|--clip-value: NaN; expected a finite number above 0",
        "--schedule linear|--schedule: linear; expected one of constant, inverse-time",
        "--decay-rate 0.5|--decay-rate: has no meaning for --schedule constant",
        "--schedule cosine --decay-rate 0.5|--decay-rate: has no meaning for --schedule cosine",
        "--schedule exponential --decay-rate 1.5|--decay-rate: 1.5; expected a number in (0, 1]",
        "--schedule inverse-time --decay-rate -1|--decay-rate: -1.0; expected a finite number",
        "--schedule polynomial --decay-rate 0|--decay-rate: 0.0; expected a finite number above 0",
        "--schedule exponential --decay-epochs 5|--decay-epochs: has no meaning for --schedule",
        "--schedule multi-step|--decay-epochs: missing; expected",
        "--schedule multi-step --decay-epochs 5,5|--decay-epochs: 5,5; expected ascending numbers",
        "--schedule staircase --decay-epochs 5,6|--decay-epochs: 5,6; expected a number of epochs",
        "--schedule cosine --decay-epochs 0|--decay-epochs: 0; expected a number of epochs from 1",
        "--schedule cosine-log --warm-up 2|--warm-up: has no meaning for --schedule cosine-log",
        "--schedule cosine-log --final-rate 0|--final-rate: has no meaning for --schedule",
        "--schedule one-cycle --final-rate 0|--final-rate: has no meaning for --schedule one-cycle",
        "--schedule cosine --final-rate -1|--final-rate: -1.0; expected a finite number, 0 or more",
        "--warm-up -1|--warm-up: -1; expected 0 or more",
        "--warm-up 5 --epochs 5|--warm-up: 5; expected fewer epochs than --epochs, 5",
        "--task cluster|--task: cluster; expected one of classify, regress",
        "--header maybe|--header: maybe; expected one of yes, no",
        "--split 60/40|--split: split 60/40; expected",
        "--split 60/20/10|--split: split 60.0/20.0/10.0; expected",
        "--split 60/20/20 --test other.csv|--split 60/20/20: the test rows are those of --test",
        "--split 80/0/20 --patience 5|--patience 5: needs dev rows",
        "--split 80/0/20 --calibrate|--calibrate: needs dev rows",
        "--split 80/0/20 --tune-threshold f1|--tune-threshold f1: needs dev rows",
        "--tune-threshold auc|--tune-threshold: auc; expected one of accuracy, f1, youden",
        "--task regress --calibrate|--calibrate: has no meaning for values",
        "--task regress --tune-threshold f1|--tune-threshold f1: has no meaning for values",
        "--patience -1|--patience: -1; expected 0 or more",
        "--plateau 0|--plateau: 0; expected a number of epochs from 1",
        "--plateau 5,1|--plateau: 5,1; expected a number of epochs from 1",
        "--plateau 5,half|--plateau: 5,half; expected",
        "--plateau 5,0.1,2|--plateau: 5,0.1,2; expected",
        "--split 80/0/20 --plateau 5|--plateau 5: needs dev rows",
        "--average ema=1|--average: ema=1; expected ema= with a number in [0, 1)",
        "--average ema=x|--average: ema=x; expected",
        "--average epochs=0|--average: epochs=0; expected",
        "--average swa|--average: swa; expected",
        "--audit 0|--audit: 0; expected a number of steps from 1",
        "--audit 10,0|--audit: 10,0; expected a number of steps from 1",
        "--audit often|--audit: often; expected",
        "--audit 5 --find-learning-rate|--audit: has no meaning with --find-learning-rate",
        "--find-learning-rate --model a|--find-learning-rate: trains nothing; expected none of",
        "--find-learning-rate --observe a|--find-learning-rate: trains nothing; expected none of",
        "--threads 0|--threads: 0; expected a number from 1",
        "--kernels fast|--kernels: fast; expected one of auto",
        "--seed 1.5|--seed",
        "--seed 1 --seed 2|--seed",
        "--resume a --initial-weights b|--initial-weights: has no meaning with --resume",
        "--average epochs=9 --epochs 8|--average epochs=9: begins after --epochs 8",
        "--augment blur=2|--augment blur=2: no such change; expected shift, crop, flip",
        "--augment noise=0.1,|--augment : no such change",
        "--augment shift|--augment shift: expected a number of pixels after =",
        "--augment shift=1.5|--augment shift=1.5: expected a number of pixels",
        "--augment rotate=ten|--augment rotate=ten: expected a number after =",
        "--augment rotate=190|--augment rotate=190: degrees: 190.0; expected a number in [0, 180]",
        "--augment flip=sideways|--augment flip=sideways: expected horizontal or vertical",
        "--augment zoom=1|--augment zoom=1: expected a number in [0, 1)",
        "--augment colour=-0.1|--augment colour=-0.1: expected a number in [0, 1)",
        "--augment brightness=2|--augment brightness=2: delta: 2.0; expected",
        "--augment noise=-1|--augment noise=-1: deviation: -1.0; expected",
        "--augment flip,mixup=0|--augment mixup=0: alpha: 0.0; expected",
        "--unknown|--unknown",
        "second.csv|second.csv",
      })
  void wrongOptionsOfTrainAreNamed(String options, String complaint) {
    assertRefused("train nowhere.csv --label y " + options, complaint);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|no command; expected train",
        "tain|tain",
        "train|DATA",
        "train nowhere.csv|--label: missing",
        "train nowhere.csv --label a,b|--label: a,b; expected one column, or --task regress",
        "train nowhere.csv --label a,a --task regress|--label: a,a; expected different columns",
        "train train-images-idx3-ubyte --weights w|--weights w: images have no columns",
        "evaluate model data --label a,a|--label: a,a; expected different columns",
        "train train-images-idx3-ubyte.gz --task regress|--task regress: images have classes",
        "evaluate|MODEL",
        "evaluate model|DATA",
        "predict model|DATA",
        "predict model data --threads 2|--threads",
        "inspect|MODEL",
        "doctor now|now",
        "demo now|now",
      })
  void wrongCommandsAreNamed(String arguments, String complaint) {
    assertRefused(arguments, complaint);
  }

  @Test
  void stacktraceIsPrintedOnlyWhenAskedFor() {
    CommandLineRun quiet = CommandLineRun.of("train", "x.csv", "--label", "y", "--epochs", "0");
    assertEquals(1, quiet.err().size());
    CommandLineRun loud =
        CommandLineRun.of("train", "x.csv", "--label", "y", "--epochs", "0", "--stacktrace");
    assertTrue(loud.err().size() > 5, loud::toString);
    assertEquals(2, loud.exit());
  }

  @Test
  void helpGoesToStandardOutput() {
    CommandLineRun help = CommandLineRun.of("train", "--help");
    assertEquals(0, help.exit());
    assertTrue(help.out().getFirst().startsWith("Usage: lanewise train"), help::toString);
  }

  @Test
  void helpListsEveryOptionOnceBelowTheHeadingOfItsFamily() {
    List<String> lines = CommandLineRun.of("train", "--help").out();
    for (OptionSpec option :
        new CommandLine(new Lanewise()).getSubcommands().get("train").getCommandSpec().options()) {
      String name = option.longestName();
      long times =
          lines.stream().filter(line -> line.matches("[ ,hV-]*" + name + "([= ].*|$)")).count();
      assertEquals(1, times, name);
    }
    assertOrder(lines, "Rows and columns:", "  --label", "Network, ", "  --hidden", "Loss:");
    assertOrder(lines, "Optimiser ", "  --optimizer", "  --schedule", "Batches ", "  --epochs");
    assertOrder(lines, "Files:", "  --model", "  --resume", "Others:", "  --json", "  -h, --help");
  }

  private static void assertOrder(List<String> lines, String... beginnings) {
    int at = 0;
    for (String beginning : beginnings) {
      int from = at;
      at =
          IntStream.range(from, lines.size())
              .filter(i -> lines.get(i).strip().startsWith(beginning.strip()))
              .findFirst()
              .orElseThrow(() -> new AssertionError(beginning + " after line " + from));
    }
  }

  private static void assertRefused(String arguments, String complaint) {
    Object[] words = arguments.isEmpty() ? new Object[0] : arguments.split(" ");
    CommandLineRun run = CommandLineRun.of(words);
    assertEquals(2, run.exit(), run::toString);
    assertEquals(1, run.err().size(), run::toString);
    assertTrue(run.err().getFirst().contains(complaint), run::toString);
    assertTrue(run.out().isEmpty(), run::toString);
  }
}
