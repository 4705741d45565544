namespace Chard.Emulator.DurableTask;

/// <summary>Something to be made durable: a turn, a start, an event. The committer's thread calls all members.</summary>
internal interface ICommitOperation
{
    /// <summary>Writes inside the open transaction. May change what the committer owns in memory; tells nobody.</summary>
    void Write(CommitBatch batch);

    /// <summary>The transaction is durable: let the effects out.</summary>
    void Committed();

    /// <summary>The engine has died before the transaction was durable, or before anybody may know.</summary>
    void Abandon(Exception reason);
}
