/** Models of the kernel's data structures, on the JDK alone. */
package dev.conntrail.model;
