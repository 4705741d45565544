using System.Text;
using Chard.Emulator.Tables.Sas;

namespace Azure.Data.Tables.Sas;

/// <summary>A shared access signature of one table, or of a range of its keys.</summary>
public sealed class TableSasQueryParameters : TableAccountSasQueryParameters
{
    internal TableSasQueryParameters()
    {
    }

    internal TableSasQueryParameters(SasQuery query)
        : base(query)
    {
        TableName = query["tn"];
        StartPartitionKey = query["spk"];
        StartRowKey = query["srk"];
        EndPartitionKey = query["epk"];
        EndRowKey = query["erk"];
    }

    /// <summary>No signature.</summary>
    public static TableSasQueryParameters Empty => new();

    public string StartPartitionKey { get; set; }

    public string EndPartitionKey { get; set; }

    public string StartRowKey { get; set; }

    public string EndRowKey { get; set; }

    internal string TableName { get; init; }

    public override string ToString() => base.ToString();

    internal override void Append(StringBuilder query)
    {
        SasQuery.Append(query, "tn", TableName);
        SasQuery.Append(query, "spk", StartPartitionKey);
        SasQuery.Append(query, "srk", StartRowKey);
        SasQuery.Append(query, "epk", EndPartitionKey);
        SasQuery.Append(query, "erk", EndRowKey);
        base.Append(query);
    }
}
