/**
 * Floor 5: trained networks and ensembles of them, as files, predictors and decisions.
 *
 * <p>Imports {@code json}, {@code tensor}, {@code kernel}, {@code engine}, {@code net}, {@code
 * data}, {@code metric} and {@code plan}. A {@link dev.lanewise.model.SafetensorsFile} is any file
 * of that format; model files and checkpoints are made of it.
 */
package dev.lanewise.model;
