package dev.lanewise.cli;

import dev.lanewise.report.EventFile;
import dev.lanewise.train.Epoch;
import dev.lanewise.train.Observation;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A file for TensorBoard with the scalars of each epoch. A resumed training begins another file in
 * the same folder, as TensorBoard expects.
 */
final class TensorBoard implements Closeable {

  private final Path folder;
  private final String metric;

  /** Null until the first epoch has ended, so that a training that fails before leaves no file. */
  private EventFile file;

  /**
   * Creates the log.
   *
   * @param folder the folder, which takes files
   * @param metric the name of the dev metric; empty without one
   */
  TensorBoard(Path folder, String metric) {
    this.folder = folder;
    this.metric = metric;
  }

  /** Adds an epoch. */
  void add(Epoch epoch, Observation observation) throws IOException {
    double now = System.currentTimeMillis() / 1e3;
    if (file == null) {
      file = EventFile.in(folder, now);
    }
    file.add(now, epoch.number(), scalars(epoch, observation));
  }

  private Map<String, Double> scalars(Epoch epoch, Observation observation) {
    Map<String, Double> scalars = new LinkedHashMap<>();
    scalars.put("loss/train", epoch.trainingLoss());
    epoch.devLoss().ifPresent(loss -> scalars.put("loss/dev", loss));
    scalars.put("cost/train", epoch.cost());
    epoch.devMetric().ifPresent(score -> scalars.put(metric + "/dev", score));
    scalars.put("learning rate", epoch.rate());
    for (Observation.Layer layer : observation.layers()) {
      scalars.put("activation rms/" + layer.layer(), layer.activationRms());
      scalars.put("dead share/" + layer.layer(), layer.deadShare());
      scalars.put("gradient norm/" + layer.layer(), layer.gradientNorm());
      scalars.put("update ratio/" + layer.layer(), layer.updateRatio());
    }
    return scalars;
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
