namespace Portal.Server.Data;

/// <summary>
/// A row that several people may edit at once. The revision is a column of ours and not the database's: it travels to the page and
/// back, and it grows only with what a person changes, so that a check or a restart in the background never spoils an open form.
/// </summary>
internal interface IRevised
{
    long Revision { get; set; }
}
