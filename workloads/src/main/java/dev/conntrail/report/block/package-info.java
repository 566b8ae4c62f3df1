/** What a report is made of: values, which know nothing of HTML, Markdown or terminals. */
package dev.conntrail.report.block;
