/** System calls of Linux that Java has no words for (foreign-function API). */
package dev.conntrail.posix;
