/** Connection tracking: the table that every packet asks before any rule. */
package dev.conntrail.model.conntrack;
