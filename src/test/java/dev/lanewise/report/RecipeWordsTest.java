package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Augmentation;
import dev.lanewise.data.Column;
import dev.lanewise.model.Provenance;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Rates;
import dev.lanewise.optim.Schedule;
import dev.lanewise.optim.Transform;
import dev.lanewise.optim.Transform.EpsilonPlace;
import dev.lanewise.optim.Transform.MomentumForm;
import dev.lanewise.train.Averaging;
import dev.lanewise.train.EarlyStopping;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.ReduceOnPlateau;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RecipeWordsTest {

  private static final Schedule COSINE = new Schedule.Cosine(0.31, 0.007, 19);

  private static final List<Schedule> SCHEDULES =
      List.of(
          new Schedule.Constant(0.31),
          new Schedule.PerStep(new Schedule.CosineLog(0.31, 3, 17)),
          new Schedule.Staircase(0.31, 0.7, 13),
          new Schedule.MultiStep(0.31, 0.7, List.of(13L, 19L)),
          new Schedule.InverseTime(0.31, 0.7, 13),
          new Schedule.InverseSquareRoot(0.31),
          new Schedule.Polynomial(0.31, 0.007, 1.7, 19),
          COSINE,
          new Schedule.CosineRestarts(0.31, 0.007, 13, 3),
          new Schedule.CosineLog(0.31, 3, 17),
          new Schedule.WarmUp(0.25, 5, COSINE),
          new Schedule.OneCycle(0.31, 17, 0.4, 23, 900),
          new Schedule.Chained(
              List.of(new Schedule.Chained.Leg(new Schedule.Constant(0.9), 11)), COSINE));

  private static final EpsilonPlace INSIDE = EpsilonPlace.INSIDE_ROOT;

  private static final List<Transform> TRANSFORMS =
      List.of(
          new Transform.ClipByGlobalNorm(3.25),
          new Transform.ClipByValue(4.5),
          new Transform.Momentum(0.81, MomentumForm.EWMA, true),
          new Transform.Rms(0.83, 1e-7, INSIDE),
          new Transform.Adam(0.85, 0.95, 1e-6, INSIDE),
          new Transform.AmsGrad(0.86, 0.96, 1e-5, INSIDE),
          new Transform.NAdam(0.87, 0.97, 1e-4, INSIDE),
          new Transform.Adagrad(1e-9, INSIDE),
          new Transform.Lion(0.88, 0.98),
          new Transform.WeightDecay(0.02).withFactor(new Schedule.PerStep(COSINE)));

  private static final List<Averaging> AVERAGES =
      List.of(new Averaging.Exponential(0.93), new Averaging.Epochs(7));

  private static final Column.Pixels SHAPE = new Column.Pixels(8, 9, 3);

  private static final List<Augmentation> AUGMENTATIONS =
      List.of(
          new Augmentation.Shift(SHAPE, 2),
          new Augmentation.Flip(SHAPE, Augmentation.Mirror.values()[0], 0.5),
          new Augmentation.Noise(0.125),
          new Augmentation.Mixup(0.375));

  private static void eachKind(Class<?> of, List<?> some) {
    Set<Class<?>> kinds = some.stream().map(Object::getClass).collect(Collectors.toSet());
    assertEquals(Set.of(of.getPermittedSubclasses()), kinds);
  }

  /** A new kind is to be told, too. */
  @Test
  void eachKindOfScheduleLinkAndAverageIsInWords() {
    eachKind(Schedule.class, SCHEDULES);
    eachKind(Transform.class, TRANSFORMS);
    eachKind(Averaging.class, AVERAGES);
    for (List<?> some : List.of(SCHEDULES, TRANSFORMS, AVERAGES, AUGMENTATIONS)) {
      for (Object one : some) {
        String words = RecipeWords.of(one.toString());
        assertFalse(Pattern.compile("[\\[\\]=]|\\b[a-z]+[A-Z]|_").matcher(words).find(), words);
        boolean partByPart = words.matches(".*\\([a-z][a-z0-9 ]* .*");
        assertEquals(one instanceof Augmentation, partByPart, words);
      }
    }
  }

  private static List<String> numbers(String text) {
    return Pattern.compile("(?<![\\w.])-?[0-9]+(\\.[0-9]+)?(E-?[0-9]+)?")
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .map(number -> number.replaceFirst("\\.0(?=E|$)", "").replace('E', 'e'))
        .toList();
  }

  @Test
  void noNumberIsLeftOut() {
    Stream.of(SCHEDULES, TRANSFORMS, AVERAGES, AUGMENTATIONS)
        .flatMap(List::stream)
        .map(Object::toString)
        .forEach(
            text -> {
              String words = RecipeWords.of(text);
              for (String number : numbers(text)) {
                assertTrue(
                    Pattern.compile("(?<![\\d.])" + Pattern.quote(number) + "(?![\\d])")
                        .matcher(words)
                        .find(),
                    () -> "%s of %s is not in %s".formatted(number, text, words));
              }
            });
  }

  @Test
  void anOptimizerIsToldWithLinksRateAndFactors() {
    Optimizer optimizer =
        new Optimizer(
            List.of(new Transform.Adam(0.9, 0.95, 1e-8, EpsilonPlace.OUTSIDE_ROOT)),
            new Schedule.PerStep(COSINE),
            new Rates(
                List.of(
                    new Rates.Rule("*.weight", 1).withRootOfInputs(),
                    new Rates.Rule("scaling*", 6).withDecay(1),
                    new Rates.Rule("last.weight", 2).withDecay(0.5).withRootOfInputs())));
    assertEquals(
        "Adam (β₁ 0.9, β₂ 0.95, ε 1e-8); rate from 0.31 to 0.007 in 19 steps, on a cosine; factors"
            + " on the rate: *.weight 1/√inputs, scaling* 6 and on the decay 1, last.weight"
            + " 2/√inputs and on the decay 0.5·√inputs",
        RecipeWords.of(optimizer.toString()));
    Schedule fading =
        new Schedule.Chained(
            List.of(new Schedule.Chained.Leg(new Schedule.Constant(1), 9)),
            new Schedule.Cosine(1, 0, 8));
    assertEquals(
        "weight decay 0.1, times 1 for 9 steps, then from 1 to 0 in 8 steps, on a cosine",
        RecipeWords.of(
            new Transform.WeightDecay(0.1).withFactor(new Schedule.PerStep(fading)).toString()));
    assertEquals(
        "gradient descent; rate 0.1 throughout", RecipeWords.of(Optimizer.sgd(0.1).toString()));
  }

  @Test
  void rulesOfStoppingSayWhatTheyDo() {
    EarlyStopping keep = EarlyStopping.keepBest();
    Map<EarlyStopping, String> rows =
        Map.of(
            EarlyStopping.never(),
            "none, the result is the last epoch",
            keep,
            "none, the result is the epoch with the best dev loss",
            keep.onMetric().withLatestOfEqual(),
            "none, the result is the epoch with the best dev metric, the latest of equal ones",
            EarlyStopping.patience(10).withMinimumDelta(0.01),
            "after 10 epochs without a better dev loss by more than 0.01; the result is the best"
                + " epoch",
            EarlyStopping.patience(3).onMetric().withLatestOfEqual(),
            "after 3 epochs without a better dev metric; the result is the best epoch, the latest"
                + " of equal ones");
    rows.forEach((rule, words) -> assertEquals(words, RecipeWords.of(rule.toString())));
    ReduceOnPlateau plateau = ReduceOnPlateau.of(5, 0.5);
    assertEquals(
        "times 0.5 after 5 epochs without a better dev loss", RecipeWords.of(plateau.toString()));
    assertEquals(
        "times 0.5 after 5 epochs without a better dev metric by more than 0.25, not below 1e-5",
        RecipeWords.of(plateau.onMetric().withMinimumDelta(0.25).withMinimumRate(1e-5).toString()));
  }

  @Test
  void aRecipeIsToldLineByLine() {
    Network network = Network.inputs(2).dense(1).loss(new Loss.SquaredError());
    Recipe recipe =
        Recipe.of(network, Optimizer.sgd(0.1))
            .withEarlyStopping(EarlyStopping.keepBest())
            .withAugmentations(List.of(new Augmentation.Noise(0.1), new Augmentation.Mixup(0.2)));
    assertEquals(
        """
        gradient descent; rate 0.1 throughout
        batches of 64 rows, 100 epochs, seed 0
        early stopping: none, the result is the epoch with the best dev loss
        reduce on plateau: none
        averaging: none
        augmentations: noise (deviation 0.1), mixup (alpha 0.2)\
        """,
        RecipeWords.of(recipe.toString()));
  }

  /** Only of those that hold records: what users called their files is theirs. */
  @Test
  void otherTextsOfAProvenanceStayAsTheyAre() {
    String text = "Constant[rate=1.0]";
    Provenance provenance =
        Provenance.UNKNOWN.with("data", text).with("optimizer", text).with("recipe", text);
    assertEquals(
        Map.of("data", text, "optimizer", "1 throughout", "recipe", "1 throughout"),
        RecipeWords.of(provenance));
  }

  /** A file may say anything, and more of it than there is time for. */
  @Test
  void whatIsNoRecordStaysAsItIs() {
    String open = "[".repeat(200_000);
    String named = "A[a=".repeat(100_000);
    String siblings = "[" + "[1, ".repeat(50_000);
    for (String text :
        List.of(
            "", "words", "A[", "A[a", "A[a=", "Optional[", "]", "a[1]", open, named, siblings)) {
      assertTrue(text.equals(RecipeWords.of(text)), text.substring(0, Math.min(9, text.length())));
    }
    String closed = open + "1" + "]".repeat(200_000);
    assertTrue(RecipeWords.of(closed).contains("[["), "nested too deep to be told");
    assertEquals("rule (tensors a), b]]", RecipeWords.of("Rule[tensors=a], b]]"));
  }

  /** As one of a later version is. */
  @Test
  void aRecordThatIsNotKnownIsToldPartByPart() {
    assertEquals(
        "new kind (first rate 2, on true, list 1, 3)",
        RecipeWords.of("NewKind[firstRate=2.0, on=true, list=[1.0, 3]]"));
  }
}
