/**
 * What Linux does and tells that Java has no words for: system calls (foreign-function API), CPU
 * time of the machine.
 */
package dev.conntrail.posix;
