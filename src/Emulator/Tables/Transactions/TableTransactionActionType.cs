namespace Azure.Data.Tables;

/// <summary>What an action of a transaction does.</summary>
public enum TableTransactionActionType
{
    /// <summary>Adds; fails if the entity is there.</summary>
    Add = 0,

    /// <summary>Updates what the entity has, leaves the rest; fails if the entity is not there or has another tag.</summary>
    UpdateMerge = 1,

    /// <summary>Replaces; fails if the entity is not there or has another tag.</summary>
    UpdateReplace = 2,

    /// <summary>Deletes; fails if the entity is not there or has another tag.</summary>
    Delete = 3,

    /// <summary>Adds, or updates what the entity has and leaves the rest.</summary>
    UpsertMerge = 4,

    /// <summary>Adds or replaces.</summary>
    UpsertReplace = 5,
}
