namespace Chard.Domain.Ledger;

/// <summary>
/// Something that is to be written together with rows of the ledger, all of it or nothing; good for one write. Its maker prepared it from
/// what it knew, without asking storage whether that still holds: if it does not, nothing is written, and the two are to be written apart.
/// </summary>
public interface IJointWrite
{
    /// <summary>Tells that it is written, where the answer of the write was lost and the ledger's rows showed it.</summary>
    void Found();
}

/// <summary>How the end of a run came out that was to be written together with something else.</summary>
public enum JointEnd
{
    /// <summary>Both are written.</summary>
    Together,

    /// <summary>Neither is, and the lease is held still: write them apart.</summary>
    Neither,

    /// <summary>Neither is: another run has taken over, and what that one records counts.</summary>
    Lost,
}
