// Package world simulates months of complaint counts of a thousand services by
// the minute, with outages of known time, to judge a detector of outages by. All
// of it is simulated; nothing in it is a record of what happened to anybody.
//
// What is measured. The noise of a usual day is fitted to nab-tweets, five series
// of brand mentions per five minutes (Numenta Anomaly Benchmark, MIT), services
// being compared with brands of the same volume: the variance within an hour over
// the mean (1.3 at 0.07 a minute, 1.7 at 0.7, 3.8 from 3.5 on; here 1.3, 1.7 and 2
// to 3.5), the residual over the mean of the hour of the week (2.1, 0.9, 0.6, 0.3
// with the volume; here 1.8 to 2.2, 0.9, 0.6, 0.3), its correlation from five
// minutes to twelve hours, the 99th and 99.9th percentiles, the drift from day to
// day. How long outages last is read off outage-events.tsv, 29 outages told of by
// the press; it says nothing of the usual, so how far they rise over it is assumed.
//
// What is assumed. Complaints are taken to be as bursty as mentions, of which
// the very largest bursts (fifty times the mean and more: AAPL, single hours of
// the others) appear as decoys of their own kinds. The law of volumes, the shares of
// the sources, the profiles of the day, how often services fail and how outages
// rise and fall have no measure behind them but the sense of who reads such
// streams.
//
// A usual day is no negative binomial around a clean weekly mean. The rate is the
// sum of several countries, each in its own time with its holidays and its changes
// of the clock, times a level that drifts over days, times a sway over hours of
// the service and of each source. Every complaint begets others, few or now and
// then many, within minutes to hours, in the evening more than at night. Evenings
// of football bring bursts to those who show it, popular events lift everything.
//
// What happens is added. Outages are sudden, slow, partial, on and off, or with a
// long tail; of one service, of one owner's, or of dozens at once. Their first
// minute is the first with extra complaints, which people send a minute or three
// after the fault itself. A fault that an ideal observer could hardly find is left
// out altogether. Complaints that spill over to a service that is well, because
// people take it for the culprit, are not modelled. Decoys are what looks like an
// outage and is none.
//
// A small burst that is in no list is noise: about 24 times a day, in a thousand
// services, twelve people or more complain of one within a quarter of an hour,
// which is eight deviations of a plain guess over what it had in the six hours
// before. Mornings, when the rate climbs, are among these, and matches; a third are
// in one source alone.
package world
