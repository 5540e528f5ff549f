#!/usr/bin/perl
# load.pl SOCKET STAFF CONNECTIONS FILE - asks the lines "METHOD JSON" of FILE as fast as it can:
# so many connections, one question under way on each. Prints the answers, one a line in the order
# of the questions, and on standard error: answers a second, median and 99th percentile in
# milliseconds, and how many were faults. Signing in is not measured.
# Not for: judging answers. Trap: one process asks for all connections, so beyond some 20,000
# answers a second it measures itself.
use strict;
use warnings;
use IO::Select;
use IO::Socket::UNIX;
use Time::HiRes 'time';

my ($path, $staff, $connections, $file) = @ARGV;
my $password = $ENV{LODGE_PASSWORD} // 'lodge-demo';
open my $in, '<', $file or die "$file: $!\n";
chomp(my @questions = <$in>);

sub ask {
	my ($socket, $id, $method, $params) = @_;
	print $socket qq({"jsonrpc":"2.0","id":$id,"method":"$method","params":$params}\n);
}

sub uuid {
	my $hex = join '', map { sprintf '%04x', int rand 65536 } 1 .. 8;
	substr($hex, 12, 1) = '4';
	substr($hex, 16, 1) = '8';
	return $hex =~ s/^(.{8})(.{4})(.{4})(.{4})/$1-$2-$3-$4-/r;
}

my (@sockets, %place);
for my $i (1 .. $connections) {
	my $socket = IO::Socket::UNIX->new(Peer => $path) or die "$path: $!\n";
	$socket->autoflush(1);
	ask($socket, 0, 'sign_in', qq({"staff":"$staff","password":"$password","script":true,"terminal":"bench"}));
	my $line = <$socket> // die "no answer\n";
	die $line unless $line =~ /"result"/;
	push @sockets, $socket;
}

my (@answers, @took, %asked, %rest);
my ($next, $open, $faults) = (0, 0, 0);

sub ask_next {
	my ($socket) = @_;
	return if $next == @questions;
	my ($method, $params) = split ' ', $questions[$next], 2;
	my $op_id = uuid();
	$params =~ s/\$op_id/$op_id/;
	$asked{$socket} = [$next, time];
	ask($socket, $next++, $method, $params);
	$open++;
}

my $start = time;
my $select = IO::Select->new(@sockets);
ask_next($_) for @sockets;
while ($open > 0) {
	for my $socket ($select->can_read) {
		sysread $socket, my $bytes, 1 << 16 or die "the server hung up\n";
		$rest{$socket} = ($rest{$socket} // '') . $bytes;
		while ($rest{$socket} =~ s/^([^\n]*)\n//) {
			my $line = $1;
			next unless $line =~ /"id":\d+/ && $line !~ /"method"/;
			my ($i, $at) = @{$asked{$socket}};
			push @took, time - $at;
			$answers[$i] = $line;
			$faults++ if $line !~ /"result"/;
			$open--;
			ask_next($socket);
		}
	}
}
my $seconds = time - $start;
print "$_\n" for @answers;
@took = sort { $a <=> $b } @took;
printf STDERR "%.0f %.2f %.2f %d\n", @took / $seconds, 1000 * $took[@took / 2],
	1000 * $took[int(@took * 0.99)], $faults;
