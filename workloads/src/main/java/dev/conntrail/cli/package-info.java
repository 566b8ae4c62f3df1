/** The command line: one class a subcommand. */
package dev.conntrail.cli;
