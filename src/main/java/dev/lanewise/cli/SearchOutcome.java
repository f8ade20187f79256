package dev.lanewise.cli;

import dev.lanewise.json.Json;
import dev.lanewise.learn.Learned;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.model.Model;
import dev.lanewise.model.Provenance;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.search.GreedyEnsemble;
import dev.lanewise.search.Search;
import dev.lanewise.search.Trial;
import dev.lanewise.train.DevMetric;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The model that comes out of a search. Only here are test rows predicted.
 *
 * @param model the best trial's model, or an ensemble
 * @param evaluations its scores by the names of the sets
 * @param facts what else is to be told of it, by name
 */
record SearchOutcome(
    TrainedModel model, Map<String, Evaluation> evaluations, Map<String, Json> facts) {

  /** {@return the best trial's model} */
  static SearchOutcome ofBest(Search.Result found) {
    Learned learned = found.learned();
    return new SearchOutcome(
        learned.model(), learned.evaluations(), Map.of("bestEpoch", Json.of(learned.bestEpoch())));
  }

  /**
   * {@return an ensemble of the best trials}
   *
   * @param metric what it is chosen by, if not by log loss or RMSE
   */
  static SearchOutcome ofSurvivors(
      Search.Result found, DataOptions.Source source, Optional<DevMetric> metric) {
    List<Trial> survivors = found.survivors();
    List<Model> models = survivors.stream().map(found::model).toList();
    GreedyEnsemble greedy = GreedyEnsemble.of(models);
    GreedyEnsemble.Selection chosen =
        source.select(
            metric.map(greedy::withMetric).orElse(greedy),
            models.getFirst().encoder().orElseThrow(),
            found.split());
    Map<String, Json> members = new LinkedHashMap<>();
    for (int pick : chosen.picks().subList(0, chosen.kept())) {
      members.merge(
          Integer.toString(survivors.get(pick).number()),
          Json.of(1),
          (count, one) -> Json.of(((Json.Num) count).asLong() + 1));
    }
    Map<String, Json> facts = new LinkedHashMap<>();
    facts.put("members", new Json.Obj(members));
    facts.put("ensembleMetric", Json.of(chosen.metric()));
    facts.put("ensembleScore", Json.of(chosen.score()));
    facts.put("bestSingleScore", Json.of(chosen.bestSingle()));
    return new SearchOutcome(
        chosen.ensemble(), source.evaluate(chosen.ensemble(), found.split()), facts);
  }

  /** {@return this with a model of another provenance} */
  SearchOutcome withProvenance(Provenance provenance) {
    return new SearchOutcome(model.withProvenance(provenance), evaluations, facts);
  }
}
