/**
 * Floor 9: the course's published experiments, replayed by the library's own means.
 *
 * <p>A replay takes points ({@link dev.lanewise.course.CourseSet} generates them, or judges what
 * was read) and a place to run its trainings ({@link dev.lanewise.course.CourseRuns}); it makes a
 * {@link dev.lanewise.course.CourseSection} of numbers beside published ones. Not exported; reading
 * and printing are the command line's.
 */
package dev.lanewise.course;
