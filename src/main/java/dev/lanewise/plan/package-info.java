/**
 * Floor 4: networks compiled to fused steps.
 *
 * <p>A {@link dev.lanewise.plan.TrainingPlan} turns parameters and a batch into a loss and a
 * gradient. An {@link dev.lanewise.plan.InferencePlan} turns parameters, packed into a {@link
 * dev.lanewise.plan.PackedNetwork}, and rows into scores; dropout is gone from it and batch norm is
 * folded away. Training and inference are two types, not a flag. Not exported.
 *
 * <p>One mini-batch goes through a training plan as follows. Each {@code DenseStep} forward: a task
 * packs a group of columns of W (64, or more of a wide layer), multiplies all rows, normalises the
 * finished columns, and passes them through the {@code Gate} (activation and dropout). {@code
 * MeanLoss} computes the rows' losses and replaces the logits by their gradient. Each {@code
 * DenseStep} backward: a task computes a group of columns of the input's gradient and hands them,
 * while they are in cache, to the gate and the norm of the step below; then come the tasks of dW.
 *
 * <p>Imports {@code net}, {@code data}, {@code engine}, {@code gemm}, {@code kernel}, {@code
 * metric}, {@code tensor} and {@code random}.
 */
package dev.lanewise.plan;
