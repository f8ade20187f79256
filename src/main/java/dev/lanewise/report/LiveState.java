package dev.lanewise.report;

import dev.lanewise.json.Json;
import dev.lanewise.train.Command;
import dev.lanewise.train.Epoch;
import dev.lanewise.train.Observation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A training as its page shows it at one moment. Immutable: the trainer makes one now and then, and
 * any number of streams send it.
 *
 * @param phase {@code training}, {@code paused}, {@code evaluating}, {@code done} or {@code failed}
 * @param metric the name of the dev metric; empty without one
 * @param now where the training stands
 * @param curve the epochs so far, one in so many
 * @param every how many that is
 * @param layers what was observed last
 * @param commands the commands so far
 */
record LiveState(
    String phase,
    String metric,
    Now now,
    List<Epoch> curve,
    int every,
    Optional<Observation> layers,
    List<Command> commands) {

  /** The most commands that are sent, the latest ones. */
  private static final int MOST_COMMANDS = 50;

  /** The most layers that are sent, the first ones. */
  private static final int MOST_LAYERS = 100;

  /**
   * Where a training stands.
   *
   * @param epochs the epochs done
   * @param most the most epochs
   * @param steps the steps done
   * @param stepsPerEpoch the steps of an epoch
   * @param loss the loss of the latest step
   * @param rate the rate of the next step
   * @param l2 λ of the L2 penalty of the next step, that of each dense layer if they differ
   * @param samplesPerSecond the rows of the last moments
   * @param bestEpoch the epoch whose parameters are the result
   * @param canRollBack whether a best epoch is kept
   * @param canSave whether there is a file for checkpoints
   */
  record Now(
      int epochs,
      int most,
      long steps,
      int stepsPerEpoch,
      double loss,
      double rate,
      List<Double> l2,
      double samplesPerSecond,
      int bestEpoch,
      boolean canRollBack,
      boolean canSave) {}

  /** {@return all but the curve} */
  String json() {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("phase", Json.of(phase));
    members.put("metric", Json.of(metric));
    members.put("epochs", Json.of((long) now.epochs));
    members.put("mostEpochs", Json.of((long) now.most));
    members.put("steps", Json.of(now.steps));
    members.put("stepsPerEpoch", Json.of((long) now.stepsPerEpoch));
    members.put("loss", number(now.loss));
    members.put("rate", number(now.rate));
    members.put("l2", new Json.Arr(now.l2.stream().map(LiveState::number).toList()));
    members.put("samplesPerSecond", number(now.samplesPerSecond));
    members.put("bestEpoch", Json.of((long) now.bestEpoch));
    members.put("canRollBack", Json.of(now.canRollBack));
    members.put("canSave", Json.of(now.canSave));
    layers.ifPresent(observed -> members.put("layers", layers(observed)));
    int from = Math.max(0, commands.size() - MOST_COMMANDS);
    members.put("commands", Json.of((long) commands.size()));
    members.put(
        "latestCommands",
        new Json.Arr(
            commands.subList(from, commands.size()).stream()
                .<Json>map(command -> Json.of(command.toString()))
                .toList()));
    return new Json.Obj(members).toString();
  }

  private static Json layers(Observation observed) {
    List<Json> layers = new ArrayList<>();
    for (Observation.Layer layer :
        observed.layers().subList(0, Math.min(MOST_LAYERS, observed.layers().size()))) {
      layers.add(
          Json.object(
              Map.entry("layer", Json.of(layer.layer())),
              Map.entry("gradientNorm", number(layer.gradientNorm())),
              Map.entry("activationRms", number(layer.activationRms())),
              Map.entry("deadShare", number(layer.deadShare())),
              Map.entry("updateRatio", number(layer.updateRatio()))));
    }
    return new Json.Arr(layers);
  }

  /**
   * {@return the epochs of the curve after one: each as {@code [epoch, rate, training loss, dev
   * loss, dev metric, cost]}}
   *
   * @param epoch the number of the last epoch that is known
   */
  String curveAfter(int epoch) {
    List<Json> points = new ArrayList<>();
    for (Epoch its : curve) {
      if (its.number() > epoch) {
        points.add(
            new Json.Arr(
                List.of(
                    Json.of((long) its.number()),
                    number(its.rate()),
                    number(its.trainingLoss()),
                    number(its.devLoss()),
                    number(its.devMetric()),
                    number(its.cost()))));
      }
    }
    return new Json.Arr(points).toString();
  }

  /** {@return the number of the last epoch of the curve, 0 without} */
  int lastOfCurve() {
    return curve.isEmpty() ? 0 : curve.getLast().number();
  }

  private static Json number(OptionalDouble value) {
    return value.isPresent() ? number(value.getAsDouble()) : new Json.Null();
  }

  private static Json number(double value) {
    return Double.isFinite(value) ? Json.of(value) : new Json.Null();
  }
}
