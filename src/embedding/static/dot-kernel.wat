;; Dot products of 8-bit rows, 16 components a step. Assembled into dot-kernel-binary.ts: npm run generate:kernel
(module
  (import "model" "memory" (memory 1))

  ;; out[d · queryCount + q] = row(queryIds[q]) · row(docIds[d]), as 32-bit integers.
  ;; `dimensions` is a multiple of 16; ids are 32-bit; all addresses are bytes.
  (func (export "dots")
    (param $rows i32) (param $dimensions i32)
    (param $queryIds i32) (param $queryCount i32)
    (param $docIds i32) (param $docCount i32)
    (param $out i32)
    (local $docEnd i32) (local $queryEnd i32) (local $query i32)
    (local $doc i32) (local $docRowEnd i32) (local $left i32) (local $right i32)
    (local $a v128) (local $b v128) (local $low v128) (local $high v128)
    (local.set $docEnd (i32.add (local.get $docIds) (i32.shl (local.get $docCount) (i32.const 2))))
    (local.set $queryEnd (i32.add (local.get $queryIds) (i32.shl (local.get $queryCount) (i32.const 2))))
    (block $done
      (br_if $done (i32.eqz (local.get $queryCount)))
      (loop $eachDoc
        (br_if $done (i32.ge_u (local.get $docIds) (local.get $docEnd)))
        (local.set $doc
          (i32.add (local.get $rows) (i32.mul (i32.load (local.get $docIds)) (local.get $dimensions))))
        (local.set $docRowEnd (i32.add (local.get $doc) (local.get $dimensions)))
        (local.set $query (local.get $queryIds))
        (loop $eachQuery
          (local.set $left (local.get $doc))
          (local.set $right
            (i32.add (local.get $rows) (i32.mul (i32.load (local.get $query)) (local.get $dimensions))))
          (local.set $low (v128.const i32x4 0 0 0 0))
          (local.set $high (v128.const i32x4 0 0 0 0))
          (loop $step
            (local.set $a (v128.load (local.get $left)))
            (local.set $b (v128.load (local.get $right)))
            (local.set $low
              (i32x4.add (local.get $low)
                (i32x4.dot_i16x8_s
                  (i16x8.extend_low_i8x16_s (local.get $a)) (i16x8.extend_low_i8x16_s (local.get $b)))))
            (local.set $high
              (i32x4.add (local.get $high)
                (i32x4.dot_i16x8_s
                  (i16x8.extend_high_i8x16_s (local.get $a)) (i16x8.extend_high_i8x16_s (local.get $b)))))
            (local.set $right (i32.add (local.get $right) (i32.const 16)))
            (br_if $step
              (i32.lt_u
                (local.tee $left (i32.add (local.get $left) (i32.const 16)))
                (local.get $docRowEnd))))
          (local.set $low (i32x4.add (local.get $low) (local.get $high)))
          (i32.store (local.get $out)
            (i32.add
              (i32.add (i32x4.extract_lane 0 (local.get $low)) (i32x4.extract_lane 1 (local.get $low)))
              (i32.add (i32x4.extract_lane 2 (local.get $low)) (i32x4.extract_lane 3 (local.get $low)))))
          (local.set $out (i32.add (local.get $out) (i32.const 4)))
          (br_if $eachQuery
            (i32.lt_u
              (local.tee $query (i32.add (local.get $query) (i32.const 4)))
              (local.get $queryEnd))))
        (local.set $docIds (i32.add (local.get $docIds) (i32.const 4)))
        (br $eachDoc)))))
