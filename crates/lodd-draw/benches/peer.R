# The peer of the draw: base R loops that do what randomizr's block_ra() and conduct_ra() do (complete random assignment
# within each block by sample()), since randomizr is not among Debian's packages. It draws; it locks nothing, hashes nothing
# and writes no file that a stranger could check.
timed <- function(name, what, work) {
  seconds <- system.time(work())[["elapsed"]]
  cat(sprintf("peer %-9s %8.3f s            %s\n", name, seconds, what))
}
assign_blocks <- function(blocks, first) {
  z <- integer(length(unlist(blocks, use.names = FALSE)))
  for (b in seq_along(blocks)) {
    rows <- blocks[[b]]
    z[rows] <- sample(rep(0:1, c(first[b], length(rows) - first[b])))
  }
  z
}
block <- rep_len(seq_len(357), 5500000)
timed("draw", "block_ra: 5,500,000 units in 357 blocks, two arms", function() {
  rows <- split(seq_along(block), block)
  assign_blocks(rows, lengths(rows) %/% 2)
})
rows <- split(seq_len(3000), rep_len(seq_len(29), 3000))
timed("replays", "conduct_ra: 10,000 draws, 3,000 families in 29 blocks", function()
  for (i in seq_len(10000)) assign_blocks(rows, lengths(rows) %/% 2))
children <- (seq_len(57) - 1)^2 %% 7
months <- 2^((seq_len(57) - 1) %% 31)
timed("attempts", "rejection sampling: 100,000 draws of 15 of 57, two means compared", function()
  for (i in seq_len(100000)) {
    z <- sample(rep(0:1, c(15, 42)))
    abs(mean(children[z == 0]) - mean(children[z == 1])) <= 0 && abs(mean(months[z == 0]) - mean(months[z == 1])) <= 0
  })
