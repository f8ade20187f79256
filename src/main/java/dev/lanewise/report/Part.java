package dev.lanewise.report;

/** A part of a section. All text in it is text: nothing of it is read as HTML. */
public sealed interface Part permits Prose, Facts, Grid, Chart, Beside, Pictures {}
