/**
 * Lanewise on Apache Spark: models that score data frames ({@link
 * dev.lanewise.spark.LanewiseModel}) with the bits of a service.
 */
package dev.lanewise.spark;
