/**
 * Floor 9: hyper-parameter search, and the combining of several models into one that predicts
 * better than each.
 *
 * <p>A search trains learners ({@link dev.lanewise.learn.Learner}) that differ in some parameters
 * and compares them by their dev rows alone; test rows judge what was chosen, once. Imports from
 * all floors below.
 */
package dev.lanewise.search;
