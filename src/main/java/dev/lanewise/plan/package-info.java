/**
 * Floor 4: networks compiled to fused steps.
 *
 * <p>A {@link dev.lanewise.plan.TrainingPlan} turns parameters and a batch into a loss and a
 * gradient. An {@link dev.lanewise.plan.InferencePlan} turns parameters, packed into a {@link
 * dev.lanewise.plan.PackedNetwork}, and rows into scores; dropout is gone from it and batch norm is
 * folded away. Training and inference are two types, not a flag.
 *
 * <p>One mini-batch goes through a training plan as follows. Each {@code DenseStep} forward: a task
 * packs 64 columns of W, multiplies all rows, normalises the finished columns, and passes them
 * through the {@code Gate} (activation and dropout). {@code MeanLoss}: row losses, and in their
 * place the scores' gradient. Each {@code DenseStep} backward: a task forms 64 columns of the
 * input's gradient and hands them, while they are in cache, to the gate and the norm of the step
 * below; then the tasks of dW.
 *
 * <p>Imports {@code net}, {@code data}, {@code gemm}, {@code kernel}, {@code tensor} and {@code
 * random}.
 */
package dev.lanewise.plan;
