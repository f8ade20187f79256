/**
 * Events for JDK Flight Recorder: what trainings and predictors do, for those who operate the JVM.
 * Nothing is recorded, and next to nothing done, while no recording asks for them.
 */
package dev.lanewise.event;
