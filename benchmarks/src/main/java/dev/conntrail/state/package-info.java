/** What benchmarks and tests fill the models with: Services, rule text and packets, from seeds. */
package dev.conntrail.state;
