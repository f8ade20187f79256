package example;

import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.model.Model;
import dev.lanewise.model.Predictor;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.train.Epoch;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Training;
import dev.lanewise.train.TrainingData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Training and serving of plain arrays inside a service; sees exported packages only. */
public final class Embedding {

  private Embedding() {}

  /**
   * Learns to tell points inside a circle from those outside, and prints the probability that the
   * centre is inside.
   *
   * @param arguments none
   * @throws IOException if the model cannot be written
   */
  public static void main(String[] arguments) throws IOException {
    float[] features = new float[2 * 400];
    float[] labels = new float[400];
    for (int row = 0; row < labels.length; row++) {
      float x = (row % 20 - 9.5f) / 9.5f;
      float y = (row / 20 - 9.5f) / 9.5f;
      features[2 * row] = x;
      features[2 * row + 1] = y;
      labels[row] = x * x + y * y < 0.6f ? 1 : 0;
    }
    Path file = Files.createTempFile("circle", ".safetensors");
    System.out.println(Engine.class.getModule().getName() + ": " + Engine.standard());
    System.out.println("centre: " + learn(features, labels, file));
    Files.delete(file);
  }

  private static float learn(float[] features, float[] labels, Path file) throws IOException {
    Loss loss = new Loss.SigmoidCrossEntropy();
    Network network = Network.inputs(2).dense(32).relu().dropout(0.1).dense(1).loss(loss);
    Recipe recipe = Recipe.of(network, Optimizer.adam(0.01)).withEpochs(60).withSeed(7);
    TrainingData rows = TrainingData.of(Dataset.of(features, 2, labels, 1));
    Training training = Training.start(recipe, rows, Engine.standard());
    for (Epoch epoch : training) {
      if (epoch.trainingLoss() < 0.05) {
        break; // the loop is yours: stop, change the rate, save a checkpoint
      }
    }
    Model model = training.model();
    model.save(file);
    Predictor predictor = Model.load(file).predictor(); // one for each thread; allocates nothing
    float[] probability = new float[1];
    predictor.predict(new float[] {0, 0}, 1, probability);
    return probability[0];
  }
}
