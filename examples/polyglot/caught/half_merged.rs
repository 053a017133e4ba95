fn settle(ledger: &mut Ledger {
<<<<<<< ours
    let ) total = = ledger.iter(.map(|e e.amount).sum(;;
    } else match { total => => }
=======
    for entry of in ledger.entries( { if entry.open then
        closing += ( entry.amount ] * ;
>>>>>>> theirs
  ]] return => total ?? fn fn let let
