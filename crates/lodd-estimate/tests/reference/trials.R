# 24 made-up trials for every estimator to be compared with its peer on: Rscript trials.R writes
# trials_cases.csv. Outcomes have ties and missing rows, clusters are of one to six rows, and there are
# three designs: z, drawn by cluster in blocks of four clusters and a last one of two; u, drawn row by row
# in blocks of unequal size and unequal shares, one of them of two rows; v, drawn in pairs.
set.seed(20201123)
drawn <- function(n, seats) sample(rep(1:0, c(seats, n - seats)))
made <- function(id) repeat {
  G <- 2 * sample(5:8, 1); size <- sample(1:6, G, TRUE)
  cl <- rep(seq_len(G), size); n <- length(cl)
  if (n < 30 || n > 46) next
  block_of <- (seq_len(G) - 1) %/% 4
  by_cluster <- integer(G)
  for (b in unique(block_of)) { at <- which(block_of == b); by_cluster[at] <- drawn(length(at), length(at) / 2) }
  z <- by_cluster[cl]
  sizes <- c(2, sample(8:10, 1)); sizes <- c(sizes, sample(9:12, 1)); sizes <- c(sizes, n - sum(sizes))
  b <- sample(rep(c("two", "p", "q", "r"), sizes)); u <- integer(n)
  for (it in unique(b)) { at <- which(b == it); m <- length(at); u[at] <- drawn(m, if (m == 2) 1 else round(m * runif(1, .35, .65))) }
  pair <- (seq_len(n) - 1) %/% 2; v <- integer(n)
  for (it in unique(pair)) { at <- which(pair == it); v[at] <- drawn(length(at), 1) }
  if (n %% 2) pair[n] <- NA
  x1 <- round(rnorm(n), 1); x2 <- rbinom(n, 1, .4); f <- sample(c("a", "b", "c"), n, TRUE); s <- sample(c("s", "t"), n, TRUE)
  level <- rnorm(G)[cl]; arm <- (z + u) / 2
  y0 <- round(2 + x1 + level + rnorm(n), 1)
  y <- round(1 + .5 * y0 + .8 * arm + rnorm(n), 1)
  i <- as.integer(runif(n) < plogis(-.3 + .8 * arm + .4 * x1 + .3 * level))
  o <- pmin(3, pmax(0, round(1 + .6 * arm + .5 * x1 + rnorm(n))))
  g <- sample(c("a", "b", "c"), n, TRUE, c(.3, .4, .3))
  count <- rpois(n, exp(.3 + .3 * arm + .2 * x1))
  d <- as.integer(ifelse(u == 1, runif(n) < .8, runif(n) < .1))
  exact <- rexp(n, .07 * exp(-.5 * arm + .3 * x1)); left <- rexp(n, .02); other <- rexp(n, .03)
  time <- pmin(ceiling(pmin(exact, left, other)), 40)
  e <- as.integer(exact <= left & exact <= other & exact <= 40); k <- as.integer(!e & other <= left & other <= 40)
  looks <- c(0, 4, 8, 14, 24)
  low <- ifelse(e == 1, looks[findInterval(time, looks, left.open = TRUE)], looks[findInterval(time, looks)])
  high <- ifelse(e == 1 & time <= 24, looks[pmin(findInterval(time, looks, left.open = TRUE) + 1, 5)], Inf)
  # Some looks were missed.
  missed <- runif(n) < .15 & is.finite(high) & low > 0; low_missed <- ifelse(missed, looks[pmax(match(low, looks) - 1, 1)], low)
  gone <- runif(n) < .12 + .08 * (1 - u) & duplicated(cl) & b != "two"
  yp <- y; yp[pair %in% pair[gone]] <- NA
  parts <- sapply(1:3, function(j) ifelse(runif(n) < .1, NA, round(y + rnorm(n), 1)))
  filled <- sapply(1:3, function(j) ifelse(gone, round(y0 + rnorm(n), 1), y))
  w <- round(runif(n, 0, 3), 1); w[1] <- 0
  x1_gaps <- ifelse(runif(n) < .08 & b != "two" & duplicated(cl), NA, x1)
  t <- data.frame(dataset = id, cl = cl, block = block_of[cl], z = z, b = b, u = u, pair = pair, v = v, one = as.integer(!duplicated(cl)),
    y = ifelse(gone, NA, y), yp = yp, y0 = y0, i = ifelse(gone, NA, i), o = o, g = g, count = count, d = d, x1 = x1_gaps, x2 = x2, f = f,
    s = s, w = w, seen = as.integer(!gone), time = time, e = e, k = k, low = low_missed, high = high, gone = as.integer(is.na(ifelse(gone, NA, y))),
    p1 = parts[, 1], p2 = parts[, 2], p3 = parts[, 3], m1 = filled[, 1], m2 = filled[, 2], m3 = filled[, 3])
  t$gone <- NULL
  known <- t[!is.na(t$y) & !is.na(t$x1), ]
  enough <- all(table(known$b[known$b != "two"], known$u[known$b != "two"]) >= 2) && all(table(known$cl, known$z) >= 0) &&
    length(unique(known$cl)) == G && all(table(t$u, t$seen) > 0) && all(table(t$i, t$u) > 1) && all(table(t$f) > 2) &&
    all(table(t$g, t$u) > 0) && all(table(t$o) > 0) && length(unique(t$o)) == 4 && all(table(t$x2, t$u) > 1)
  if (enough) return(t)
}
write.csv(do.call(rbind, lapply(1:24, made)), "trials_cases.csv", row.names = FALSE, quote = FALSE)
