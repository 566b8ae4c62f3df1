/** Where pods are: starts and stops them, runs programs in them. One class a kind. */
package dev.conntrail.testbed;
