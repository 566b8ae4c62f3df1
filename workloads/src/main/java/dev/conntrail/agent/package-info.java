/**
 * The processes of this program that take orders, and who gives them: one protocol of sealed
 * records, a line of JSON each, over three transports (a child's standard input and output, a pod's
 * through the API, files of a guest).
 */
package dev.conntrail.agent;
