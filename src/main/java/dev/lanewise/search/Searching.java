package dev.lanewise.search;

import dev.lanewise.search.Trial.Rung;
import dev.lanewise.search.Trial.State;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A search under way: the stages of its design one after the other, the trials of a stage side by
 * side. What is chosen depends on the scores alone, never on who was done first.
 */
final class Searching {

  /** Where finished rungs are written down before they count. */
  interface Log {

    /**
     * Writes a rung down; what this returns after, no crash takes back.
     *
     * @param recipe how the trial is trained, as texts; none if it was refused before that was
     *     known
     */
    void add(int trial, Values values, List<String> recipe, Rung rung) throws IOException;

    /**
     * {@return what a trial reached at a rung, if it was written down}
     *
     * @throws IOException if that was with other values or by another recipe
     */
    Optional<Rung> known(int trial, int rung, Values values, Recipes recipes) throws IOException;

    /** {@return one that forgets} */
    static Log none() {
      return new Log() {
        @Override
        public void add(int trial, Values values, List<String> recipe, Rung rung) {
          // Nobody asks for it.
        }

        @Override
        public Optional<Rung> known(int trial, int rung, Values values, Recipes recipes) {
          return Optional.empty();
        }
      };
    }
  }

  /** Tells how a trial with some values is trained. */
  interface Recipes {
    /** {@return it as texts} */
    List<String> of(Values values);
  }

  private final Design design;
  private final Trainer trainer;
  private final Checkpoints checkpoints;
  private final Log log;
  private final Search.Budget budget;
  private final int survivors;
  private final boolean largerIsBetter;
  private final Crew crew;
  private final Consumer<Search.Progress> progress;
  private final long began = System.nanoTime();

  /** The rungs of each trial that are done, by the trial's number. */
  private final TreeMap<Integer, List<Rung>> done = new TreeMap<>();

  private Design.Stage stage;

  Searching(
      Design design,
      Trainer trainer,
      Checkpoints checkpoints,
      Log log,
      Search.Budget budget,
      int survivors,
      boolean largerIsBetter,
      Crew crew,
      Consumer<Search.Progress> progress) {
    this.design = design;
    this.trainer = trainer;
    this.checkpoints = checkpoints;
    this.log = log;
    this.budget = budget;
    this.survivors = survivors;
    this.largerIsBetter = largerIsBetter;
    this.crew = crew;
    this.progress = progress;
  }

  /** One trial up to the rung of the stage. */
  private final class Unit implements Crew.Task {
    private final int trial;

    Unit(int trial) {
      this.trial = trial;
    }

    /** {@return the most epochs that it takes, by all folds together} */
    long cost() {
      Optional<Rung> before = latest(trial);
      if (before.isPresent()) {
        return before.get().fits().stream()
            .filter(fit -> !fit.finished())
            .mapToLong(fit -> stage.epochs() - fit.epochs())
            .sum();
      }
      return (long) trainer.fits() * stage.epochs();
    }

    @Override
    public boolean done(BooleanSupplier ends) throws IOException {
      if (budget.isOver(began)) {
        return true;
      }
      Values values = design.values(trial);
      Optional<Trainer.Reached> reached =
          trainer.train(trial, values, stage.rung(), stage.epochs(), latest(trial), ends);
      if (reached.isPresent()) {
        add(trial, values, reached.get());
      }
      return reached.isPresent();
    }
  }

  private synchronized Optional<Rung> latest(int trial) {
    return Optional.ofNullable(done.get(trial)).map(List::getLast);
  }

  private synchronized void add(int trial, Values values, Trainer.Reached reached)
      throws IOException {
    Rung rung = reached.rung();
    log.add(trial, values, reached.recipe(), rung);
    done.computeIfAbsent(trial, number -> new ArrayList<>()).add(rung);
    dropCheckpoints();
    int finished = done.values().stream().mapToInt(List::size).sum();
    long epochs = done.values().stream().mapToLong(rungs -> rungs.getLast().epochs()).sum();
    progress.accept(
        new Search.Progress(
            new Trial(trial, values, state(rung), done.get(trial)),
            finished,
            design.units(),
            epochs));
  }

  private static State state(Rung rung) {
    return rung.failure().isPresent()
        ? State.FAILED
        : rung.finished() ? State.FINISHED : State.OPEN;
  }

  /**
   * Trains until there is no stage left or the budget ends.
   *
   * @return why it ended before all was done, if it did
   */
  Optional<String> run() throws IOException {
    for (Optional<Design.Stage> next = design.next(this::ranked);
        next.isPresent();
        next = design.next(this::ranked)) {
      synchronized (this) {
        stage = next.get();
      }
      List<Unit> left = new ArrayList<>();
      for (int trial : stage.trials()) {
        Optional<Rung> before =
            log.known(trial, stage.rung(), design.values(trial), trainer::recipe);
        if (before.isPresent()) {
          done.computeIfAbsent(trial, number -> new ArrayList<>()).add(before.get());
        } else {
          left.add(new Unit(trial));
        }
      }
      dropCheckpoints();
      Optional<String> ended = train(left);
      if (ended.isPresent()) {
        return ended;
      }
    }
    stage = null;
    dropCheckpoints();
    return Optional.empty();
  }

  /**
   * Trains trials of the stage, as many as the budget allows: always the first ones, so that which
   * these are depends on what each costs and not on who is done first.
   */
  private Optional<String> train(List<Unit> left) throws IOException {
    while (!left.isEmpty()) {
      List<Unit> affordable = affordable(left);
      if (affordable.isEmpty()) {
        return Optional.of(budget.toString());
      }
      crew.run(affordable);
      left.removeIf(unit -> has(unit.trial));
      if (budget.isOver(began) && !left.isEmpty()) {
        return Optional.of(budget.toString());
      }
    }
    return Optional.empty();
  }

  private synchronized boolean has(int trial) {
    return latest(trial).filter(rung -> rung.number() == stage.rung()).isPresent();
  }

  private List<Unit> affordable(List<Unit> left) {
    long spent = epochs();
    List<Unit> affordable = new ArrayList<>();
    for (Unit unit : left) {
      spent += unit.cost();
      if (!budget.allows(unit.trial, spent)) {
        break;
      }
      affordable.add(unit);
    }
    return affordable;
  }

  private synchronized long epochs() {
    return done.values().stream().mapToLong(rungs -> rungs.getLast().epochs()).sum();
  }

  /**
   * {@return those of some trials that have a score, the best first, of equal ones the lowest
   * number}
   */
  private synchronized List<Integer> ranked(Iterable<Integer> trials) {
    List<Integer> scored = new ArrayList<>();
    for (int trial : trials) {
      if (latest(trial).filter(rung -> rung.score().isPresent()).isPresent()) {
        scored.add(trial);
      }
    }
    scored.sort(
        Comparator.comparingDouble((Integer trial) -> loss(latest(trial)))
            .thenComparing(Comparator.naturalOrder()));
    return scored;
  }

  /** {@return a score such that smaller is better} */
  private double loss(Optional<Rung> rung) {
    OptionalDouble score = rung.orElseThrow().score();
    return largerIsBetter ? -score.getAsDouble() : score.getAsDouble();
  }

  /** Drops the checkpoints of trials that are neither trained on nor among the best. */
  private synchronized void dropCheckpoints() {
    Set<Integer> needed = new HashSet<>();
    ranked(done.keySet()).stream().limit(survivors).forEach(needed::add);
    if (stage != null) {
      List<Integer> there = stage.trials().stream().filter(this::has).toList();
      ranked(there).stream().limit(stage.promoted()).forEach(needed::add);
      stage.trials().stream().filter(trial -> !has(trial)).forEach(needed::add);
    }
    checkpoints.retain(
        name ->
            needed.contains(name.trial())
                && (latest(name.trial()).isEmpty()
                    || name.rung() >= latest(name.trial()).get().number()));
  }

  /**
   * {@return all trials by their numbers}
   *
   * @param complete whether all stages are done
   */
  synchronized List<Trial> trials(boolean complete) {
    return IntStream.range(0, design.known())
        .mapToObj(
            trial -> {
              List<Rung> rungs = done.getOrDefault(trial, List.of());
              State state = rungs.isEmpty() ? State.OPEN : state(rungs.getLast());
              boolean goesOn = !complete && goesOn(trial);
              return new Trial(
                  trial,
                  design.values(trial),
                  state == State.OPEN && !goesOn ? State.STOPPED : state,
                  rungs);
            })
        .toList();
  }

  /** Whether a trial would be trained on if the budget had not ended within its stage. */
  private boolean goesOn(int trial) {
    if (!stage.trials().contains(trial)) {
      return false;
    }
    List<Integer> there = stage.trials().stream().filter(this::has).toList();
    return !has(trial)
        || ranked(there).stream().limit(stage.promoted()).anyMatch(other -> other == trial);
  }

  /** {@return the trials that have a score, the best first} */
  synchronized List<Integer> ranked() {
    return ranked(done.keySet());
  }
}
