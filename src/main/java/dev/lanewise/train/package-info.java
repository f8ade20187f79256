/**
 * Floor 7: the training loop, which the caller drives, with early stopping and checkpoints.
 *
 * <p>A {@link dev.lanewise.train.Recipe} says how to train, {@link dev.lanewise.train.TrainingData}
 * on what; {@link dev.lanewise.train.Training} owns the parameters and goes from step to step:
 *
 * <pre>{@code
 * Training training = Training.start(recipe, TrainingData.of(rows).withDev(devRows), engine);
 * for (Epoch epoch : training) {
 *   report(epoch);
 * }
 * float[] parameters = training.parameters();
 * }</pre>
 *
 * <p>Imports {@code check} for audits, {@code model} for its file format, {@code optim}, {@code
 * plan} and the floors below.
 */
package dev.lanewise.train;
