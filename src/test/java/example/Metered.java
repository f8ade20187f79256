package example;

import dev.lanewise.model.Decision;
import dev.lanewise.model.SharedPredictor;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;

/** A predictor that reports to Micrometer; doc/jfr.md shows this code. */
// begin
final class Metered {

  private final SharedPredictor predictor;
  private final Timer time;
  private final DistributionSummary unknown;

  Metered(SharedPredictor predictor, MeterRegistry registry) {
    this.predictor = predictor;
    String digest = predictor.model().parametersSha256().substring(0, 8);
    time = registry.timer("lanewise.decisions", "model", digest);
    unknown = registry.summary("lanewise.unknown.values", "model", digest);
  }

  Decision decide(Map<String, ?> values) {
    Decision decision = time.record(() -> predictor.decide(values));
    unknown.record(decision.unknown().size());
    return decision;
  }
}
// end
