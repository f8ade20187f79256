/**
 * Lanewise on Apache Spark: models that score data frames ({@link
 * dev.lanewise.spark.LanewiseModel}), trainings for many groups or trials ({@link
 * dev.lanewise.spark.ManyModels}), and estimators ({@link dev.lanewise.spark.LanewiseClassifier},
 * {@link dev.lanewise.spark.LanewiseRegressor}), with the bits of the library.
 */
package dev.lanewise.spark;
