/** Blocks as HTML, as Markdown, and for a terminal. */
package dev.conntrail.report.render;
