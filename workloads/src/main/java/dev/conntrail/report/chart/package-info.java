/** Charts: ECharts options as JSON resources, with data beside them, drawn as SVG. */
package dev.conntrail.report.chart;
