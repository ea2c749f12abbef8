//! What only the workbook says.

topic! {
    /// The heads of the workbook's contents.
    Formats {
        table: "Tabell", "Tabell", "Table";
        title: "Tittel", "Tittel", "Title";
        unit: "Enhet", "Eining", "Unit";
        source: "Kilde", "Kjelde", "Source";
        file: "Fil med tallene", "Fil med tala", "File with the numbers";
    }
}
