/**
 * Floor 11: the course's published experiments, replayed with the library.
 *
 * <p>A replay takes points ({@link dev.lanewise.course.CourseSet} generates them, or judges what
 * was read) and a place to run its trainings ({@link dev.lanewise.course.CourseRuns}); it makes a
 * {@link dev.lanewise.course.CourseSection} of numbers beside published ones. In the jar of the
 * command line, which reads and prints.
 */
package dev.lanewise.course;
